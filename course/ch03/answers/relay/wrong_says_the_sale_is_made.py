# change of: solution
# feedback: a reçu 201 | elle ne sait pas
-    abort(502, "La caisse a coupé la connexion.")
+    return ({}, 201) if request.method == "POST" else abort(502)
