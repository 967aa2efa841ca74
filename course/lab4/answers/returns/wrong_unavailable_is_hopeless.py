# change of: solution
# feedback: Payments répond 503
-        channel.connection.sleep(0.5)
-        channel.basic_reject(method.delivery_tag, requeue=True)
-        return
+        channel.basic_reject(method.delivery_tag, requeue=False)
+        return
