# change of: right_dictionary
# feedback: second POST | 409
# mistake: écrase(nt) un article qui existe
-    return catalogue.get(sku) or abort(404)
+    if sku not in catalogue:
+        abort(404)
+    return catalogue[sku]

-    if product["sku"] in catalogue:
+    if product in catalogue.values():

 def put_product(sku):
+    product = {**request.get_json(), "sku": sku}

-    catalogue[sku] = {**request.get_json(), "sku": sku}
-    return catalogue[sku], status
+    catalogue[sku] = product
+    return product, status
