# change of: solution
# feedback: a reçu 503 | elle ne sait pas
-    abort(502, "La caisse a coupé la connexion.")
+    abort(503, "La caisse a coupé la connexion.")
