# change of: solution
# feedback: plusieurs lettres
-    channel.basic_ack(method.delivery_tag)
+    channel.basic_nack(method.delivery_tag, requeue=True)
