# change of: right_dictionary
# feedback: DELETE | répond 404 | 204 No Content
# mistake: répond(ent) 404 à DELETE
-    return catalogue.get(sku) or abort(404)
+    if sku not in catalogue:
+        abort(404)
+    return catalogue[sku]

 def put_product(sku):
+    product = {**request.get_json(), "sku": sku}

-    catalogue[sku] = {**request.get_json(), "sku": sku}
-    return catalogue[sku], status
+    catalogue[sku] = product
+    return product, status

     catalogue.pop(sku, None)
+    show_product(sku)
