# change of: right_by_hand
# feedback: pourtant au catalogue
# mistake: enregistre(nt) avant de vérifier
-    product = valid(request.get_json(silent=True))
-    if product["sku"] in catalogue:
-        abort(409)
-    catalogue[product["sku"]] = product
+    product = request.get_json(silent=True)
+    if isinstance(product, dict):
+        if str(product.get("sku")) in catalogue:
+            abort(409)
+        catalogue[str(product.get("sku"))] = product
+    valid(product)
