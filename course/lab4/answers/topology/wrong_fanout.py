# change of: solution
# feedback: la clé return.completed
-    channel.exchange_declare("shop.events", "topic", durable=True)
+    channel.exchange_declare("shop.events", "fanout", durable=True)
