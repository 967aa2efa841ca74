# change of: solution
# feedback: return.completed | returns.requested
-    channel.queue_bind("returns.requested", "shop.events", "return.requested")
+    channel.queue_bind("returns.requested", "shop.events", "return.*")
