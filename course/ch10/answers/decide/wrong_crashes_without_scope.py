# change of: solution
# feedback: KeyError
# mistake: plante(nt) sur un jeton sans droits
-    if needed not in claims.get("scope", "").split():
+    if needed not in claims["scope"].split():
