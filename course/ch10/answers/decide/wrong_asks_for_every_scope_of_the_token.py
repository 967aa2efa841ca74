# change of: solution
# feedback: orders:read orders:write | resterait à la porte
-    if needed not in claims.get("scope", "").split():
+    if claims.get("scope") != needed:
