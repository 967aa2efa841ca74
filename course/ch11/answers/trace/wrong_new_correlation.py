# change of: solution
# feedback: x-correlation-id reçu | s’arrêterait ici
-    if "x-correlation-id" in headers:
-        outgoing["x-correlation-id"] = headers["x-correlation-id"]
+    outgoing["x-correlation-id"] = secrets.token_hex(16)
