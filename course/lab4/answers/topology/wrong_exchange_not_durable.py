# change of: solution
# feedback: shop.events | durable=True
-    channel.exchange_declare("shop.events", "topic", durable=True)
+    channel.exchange_declare("shop.events", "topic", auto_delete=True)
