# change of: solution
# feedback: le refuse
-    channel.queue_bind(queue, "shop.events", "return.requested")
     for n in (2, 3):

-        return_id = send(request)
+        return_id = send(request)
+        channel.queue_bind(queue, "shop.events", "return.requested")
