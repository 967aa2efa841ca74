# change of: solution
# feedback: Illisibles | Il manque
-        channel.basic_reject(method.delivery_tag, requeue=False)
+        channel.basic_ack(method.delivery_tag)
