# change of: solution
# feedback: Reçu sans x-correlation-id | None
-    if "x-correlation-id" in headers:
-        outgoing["x-correlation-id"] = headers["x-correlation-id"]
+    outgoing["x-correlation-id"] = headers.get("x-correlation-id")
