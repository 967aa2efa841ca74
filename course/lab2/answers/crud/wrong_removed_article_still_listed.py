# change of: right_dictionary
# feedback: liste, de ces articles
# mistake: tien(t|nent) une liste à part, qui ne suit pas
 catalogue = {}
+supprimes = set()

-    return catalogue.get(sku) or abort(404)
+    if sku not in catalogue or sku in supprimes:
+        abort(404)
+    return catalogue[sku]

-    if product["sku"] in catalogue:
+    sku = product["sku"]
+    if sku in catalogue and sku not in supprimes:

-    catalogue[product["sku"]] = product
+    catalogue[sku] = product
+    supprimes.discard(sku)

-    status = 200 if sku in catalogue else 201
-    catalogue[sku] = {**request.get_json(), "sku": sku}
-    return catalogue[sku], status
+    product = {**request.get_json(), "sku": sku}
+    status = 200 if sku in catalogue and sku not in supprimes else 201
+    catalogue[sku] = product
+    supprimes.discard(sku)
+    return product, status

-    catalogue.pop(sku, None)
+    supprimes.add(sku)
