# change of: right_dictionary
# feedback: n’existait pas | 201 Created
# mistake: répond(ent) 200 à une création par PUT
-    return catalogue.get(sku) or abort(404)
+    if sku not in catalogue:
+        abort(404)
+    return catalogue[sku]

-    status = 200 if sku in catalogue else 201
-    catalogue[sku] = {**request.get_json(), "sku": sku}
-    return catalogue[sku], status
+    product = {**request.get_json(), "sku": sku}
+    catalogue[sku] = product
+    return product, 200 if sku in catalogue else 201
