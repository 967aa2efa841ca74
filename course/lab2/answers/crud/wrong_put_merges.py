# change of: right_dictionary
# feedback: description | remplacement complet
# mistake: fusionne(nt) au lieu de remplacer
-    catalogue[sku] = {**request.get_json(), "sku": sku}
+    catalogue[sku] = {**catalogue.get(sku, {}), **request.get_json()}
