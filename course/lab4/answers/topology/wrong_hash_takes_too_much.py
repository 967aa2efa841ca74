# change of: solution
# feedback: return.requested.again
-    channel.queue_bind("notifications.returns", "shop.events", "return.*")
+    channel.queue_bind("notifications.returns", "shop.events", "return.#")
