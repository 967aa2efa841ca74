# change of: right_dictionary
# feedback: existait déjà | 200 OK
# mistake: répond(ent) 201 à un remplacement
-    return catalogue.get(sku) or abort(404)
+    if sku not in catalogue:
+        abort(404)
+    return catalogue[sku]

 def put_product(sku):
+    product = {**request.get_json(), "sku": sku}
+    remove_product(sku)

-    catalogue[sku] = {**request.get_json(), "sku": sku}
-    return catalogue[sku], status
+    catalogue[sku] = product
+    return product, status
