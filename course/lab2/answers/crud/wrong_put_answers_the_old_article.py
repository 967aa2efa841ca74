# change of: right_dictionary
# feedback: tel qu’il est maintenant
# mistake: répond(ent) l’article d’avant le PUT
-    return catalogue.get(sku) or abort(404)
+    if sku not in catalogue:
+        abort(404)
+    return catalogue[sku]

-    status = 200 if sku in catalogue else 201
-    catalogue[sku] = {**request.get_json(), "sku": sku}
-    return catalogue[sku], status
+    product = {**request.get_json(), "sku": sku}
+    ancien = catalogue.get(sku)
+    catalogue[sku] = product
+    if ancien is None:
+        return product, 201
+    return ancien, 200
