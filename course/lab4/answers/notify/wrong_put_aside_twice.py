# change of: solution
# feedback: De trop | une fois chacun
-        channel.basic_reject(method.delivery_tag, requeue=False)
+        channel.basic_publish("", DEAD, body)
+        channel.basic_reject(method.delivery_tag, requeue=False)
