# change of: solution
# feedback: KeyError
# mistake: plante(nt) sur un article inconnu
-    return catalogue.get(sku) or abort(404, f"Le produit {sku} n’existe pas.")
+    return catalogue[sku]
