# change of: solution
# feedback: est mort | KeyError
-    send_email(json.loads(body))
+    send_email(json.loads(body)["data"])
