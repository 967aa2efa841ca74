# change of: right_dictionary
# feedback: KeyError
# mistake: plante(nt) au second DELETE
-    catalogue.pop(sku, None)
+    del catalogue[sku]
