# change of: solution
# feedback: declare est appelée de nouveau | perdus ce matin
-    channel.queue_declare("returns.dead", durable=True)
+    for queue in ("returns.dead", "returns.requested", "notifications.returns"):
+        channel.queue_delete(queue)
+    channel.queue_declare("returns.dead", durable=True)
