# change of: solution
# feedback: la clé return.created | le laisse passer
-    channel.queue_bind(queue, "shop.events", "return.requested")
+    channel.queue_bind(queue, "shop.events", "#")
