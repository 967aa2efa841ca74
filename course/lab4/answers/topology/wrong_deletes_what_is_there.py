# change of: solution
# feedback: PRECONDITION_FAILED
-    channel.queue_declare("notifications.returns", durable=True)
+    import time
+
+    channel.queue_declare("notifications.returns", durable=True, arguments={"x-expires": int(1e7 + time.time() * 1000 % 1e6)})
