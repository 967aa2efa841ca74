# change of: solution
# feedback: a rejeté | rien n’est arrivé
-    channel.queue_declare("returns.requested", durable=True, arguments=dead_letters)
+    channel.queue_declare("returns.requested", durable=True)
