# change of: right_direct
# feedback: vous rendez '
-    return response.json()["available"] if response.ok else None
+    return str(response.json()["available"]) if response.ok else None
