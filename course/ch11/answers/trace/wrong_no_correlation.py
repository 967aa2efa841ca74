# change of: solution
# feedback: x-correlation-id reçu | Publié : None
-    if "x-correlation-id" in headers:
-        outgoing["x-correlation-id"] = headers["x-correlation-id"]

