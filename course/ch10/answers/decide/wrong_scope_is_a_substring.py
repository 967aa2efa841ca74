# change of: solution
# feedback: orders:readonly | 403
# mistake: compare(nt) les droits par morceaux
-    if needed not in claims.get("scope", "").split():
+    if needed not in claims.get("scope", ""):
