# change of: solution
# feedback: répond 200 | 404
# mistake: répond(ent) 200 pour un article inconnu
-    return catalogue.get(sku) or abort(404, f"Le produit {sku} n’existe pas.")
+    return catalogue.get(sku, {"error": "inconnu"})
