# change of: solution
# feedback: KeyError
-    if needed not in claims.get("scope", "").split():
+    if needed not in claims["scope"].split():
