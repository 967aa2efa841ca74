# change of: solution
# feedback: Illisibles
-        channel.basic_reject(method.delivery_tag, requeue=False)
+        channel.basic_reject(method.delivery_tag, requeue=True)
