# change of: right_dictionary_of_faults
# feedback: disparu du catalogue
# mistake: retire(nt) l’article avant de vérifier
 def put_product(sku):
+    ancien = catalogue.pop(sku, None)

-    status = 200 if sku in catalogue else 201

-    return product, status
+    return product, 201 if ancien is None else 200
