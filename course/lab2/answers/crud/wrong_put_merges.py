# change of: right_dictionary
# feedback: description | remplacement complet
-    catalogue[sku] = {**request.get_json(), "sku": sku}
+    catalogue[sku] = {**catalogue.get(sku, {}), **request.get_json()}
