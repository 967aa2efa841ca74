# change of: solution
# feedback: orders:read orders:write | resterait à la porte
# mistake: compare(nt) tous les droits du jeton à un seul
-    if needed not in claims.get("scope", "").split():
+    if claims.get("scope") != needed:
