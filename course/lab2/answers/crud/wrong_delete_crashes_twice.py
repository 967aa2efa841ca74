# change of: right_dictionary
# feedback: KeyError
-    catalogue.pop(sku, None)
+    del catalogue[sku]
