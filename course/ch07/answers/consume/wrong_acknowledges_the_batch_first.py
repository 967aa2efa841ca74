# change of: right_generator_on_a_quorum_queue
# feedback: tué juste avant la ligne | en a oublié
# mistake: acquitte(nt) avant le travail
-    for method, properties, body in channel.consume(QUEUE, auto_ack=False):
-        send_email(json.loads(body))
-        channel.basic_ack(method.delivery_tag)
+    while True:
+        batch = []
+        for method, properties, body in channel.consume(QUEUE, inactivity_timeout=0.1):
+            if body is None:
+                break
+            batch.append(body)
+            channel.basic_ack(method.delivery_tag)
+        for body in batch:
+            send_email(json.loads(body))
