# change of: right_callback
# feedback: tué juste avant la ligne | en a oublié
# mistake: acquitte(nt) avant le travail
-    send_email(json.loads(body))
     channel.basic_ack(method.delivery_tag)
+    send_email(json.loads(body))
