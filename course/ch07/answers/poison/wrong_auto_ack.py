# change of: solution
# feedback: ni facture, ni lettre morte
# mistake: acquitte(nt) le message raté, qui disparaît
-    channel.basic_consume(QUEUE, on_message)
+    channel.basic_consume(QUEUE, on_message, auto_ack=True)

-        channel.basic_reject(method.delivery_tag, requeue=True)
-    else:
-        channel.basic_ack(method.delivery_tag)
+        print("tant pis :", body)
