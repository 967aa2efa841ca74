# change of: right_callback
# feedback: tué juste avant la ligne | en a oublié
-    send_email(json.loads(body))
     channel.basic_ack(method.delivery_tag)
+    send_email(json.loads(body))
