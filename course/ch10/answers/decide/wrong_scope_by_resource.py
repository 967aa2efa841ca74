# change of: solution
# feedback: orders:write | 403
# mistake: compare(nt) les droits par morceaux
-    if needed not in claims.get("scope", "").split():
+    if needed.split(":")[0] not in [w.split(":")[0] for w in claims.get("scope", "").split()]:
