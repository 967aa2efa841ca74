# change of: right_dictionary
# feedback: ce que le client voit
# mistake: refuse(nt) le doublon, mais l’écri(t|vent) quand même
-    return catalogue.get(sku) or abort(404)
+    if sku not in catalogue:
+        abort(404)
+    return catalogue[sku]

-    if product["sku"] in catalogue:
+    avant = len(catalogue)
+    catalogue[product["sku"]] = product
+    if len(catalogue) == avant:

-    catalogue[product["sku"]] = product

 def put_product(sku):
+    product = {**request.get_json(), "sku": sku}

-    catalogue[sku] = {**request.get_json(), "sku": sku}
-    return catalogue[sku], status
+    catalogue[sku] = product
+    return product, status
