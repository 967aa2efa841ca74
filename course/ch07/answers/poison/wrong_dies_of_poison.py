# change of: solution
# feedback: est mort | OSError
# mistake: meur(t|ent) du message empoisonné
-    try:
-        make_invoice(body)
-    except (OSError, ValueError):
-        channel.basic_reject(method.delivery_tag, requeue=True)
-    else:
-        channel.basic_ack(method.delivery_tag)
+    make_invoice(body)
+    channel.basic_ack(method.delivery_tag)
