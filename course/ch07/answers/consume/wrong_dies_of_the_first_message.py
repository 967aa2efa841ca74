# change of: solution
# feedback: est mort | KeyError
# mistake: (lit|lisent) mal le message, et en (meurt|meurent)
-    send_email(json.loads(body))
+    send_email(json.loads(body)["data"])
