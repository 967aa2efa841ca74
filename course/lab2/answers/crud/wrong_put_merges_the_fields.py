# change of: right_dictionary
# feedback: description | remplacement complet
# mistake: fusionne(nt) au lieu de remplacer
-    return catalogue.get(sku) or abort(404)
+    if sku not in catalogue:
+        abort(404)
+    return catalogue[sku]

-    catalogue[sku] = {**request.get_json(), "sku": sku}
+    catalogue.setdefault(sku, {}).update(request.get_json(), sku=sku)
