# change of: right_dictionary
# feedback: répond 404 | n’existait pas
# mistake: refuse(nt) de créer par PUT
-    return catalogue.get(sku) or abort(404)
+    if sku not in catalogue:
+        abort(404)
+    return catalogue[sku]

-    status = 200 if sku in catalogue else 201
-    catalogue[sku] = {**request.get_json(), "sku": sku}
-    return catalogue[sku], status
+    show_product(sku)  # 404 si l’article n’existe pas
+    product = {**request.get_json(), "sku": sku}
+    catalogue[sku] = product
+    return product
