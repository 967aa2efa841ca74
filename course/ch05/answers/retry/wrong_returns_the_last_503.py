# change of: solution
# feedback: Toujours 503 | None
-    return None
+    return locals().get("response")
