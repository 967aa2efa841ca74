# change of: solution
# feedback: Personne n’écoute | 503
-        abort(503, "Products est indisponible.")
+        abort(422, "Cet article n’existe pas.")
