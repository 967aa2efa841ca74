# change of: solution
# feedback: return.suite
-    channel.queue_bind("notifications.returns", "shop.events", "return.*")
+    for key in ("return.requested", "return.completed", "return.refused"):
+        channel.queue_bind("notifications.returns", "shop.events", key)
