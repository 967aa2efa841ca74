# change of: solution
# feedback: la clé return | aucune file
-    channel.queue_bind("notifications.returns", "shop.events", "return.*")
+    channel.queue_bind("notifications.returns", "shop.events", "return.#")
