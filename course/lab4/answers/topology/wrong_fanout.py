# change of: solution
# feedback: order.created
-    channel.exchange_declare("shop.events", "topic", durable=True)
+    channel.exchange_declare("shop.events", "fanout", durable=True)
