# change of: right_dictionary
# feedback: répond 409 | 201 Created
# mistake: garde(nt) pris le SKU d’un article retiré
 catalogue = {}
+skus = set()

-    return catalogue.get(sku) or abort(404)
+    if sku not in catalogue:
+        abort(404)
+    return catalogue[sku]

-    if product["sku"] in catalogue:
+    if product["sku"] in skus:
         abort(409)
+    skus.add(product["sku"])

 def put_product(sku):
+    product = {**request.get_json(), "sku": sku}

-    catalogue[sku] = {**request.get_json(), "sku": sku}
-    return catalogue[sku], status
+    skus.add(sku)
+    catalogue[sku] = product
+    return product, status
