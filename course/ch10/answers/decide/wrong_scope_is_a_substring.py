# change of: solution
# feedback: orders:readonly | 403
-    if needed not in claims.get("scope", "").split():
+    if needed not in claims.get("scope", ""):
