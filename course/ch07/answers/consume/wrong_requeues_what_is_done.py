# change of: solution
# feedback: plusieurs lettres
# mistake: reme(t|ttent) en file ce qui est fait
-    channel.basic_ack(method.delivery_tag)
+    channel.basic_nack(method.delivery_tag, requeue=True)
