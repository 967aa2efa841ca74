# change of: solution
# feedback: durable=True
-    channel.queue_declare("notifications.returns", durable=True)
+    channel.queue_declare("notifications.returns", auto_delete=True)
