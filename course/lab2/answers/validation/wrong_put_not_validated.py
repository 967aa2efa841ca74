# change of: right_dictionary_of_faults
# feedback: PUT avec | répond 200
# mistake: ne vérifie(nt) pas PUT
-    product = {**valid_product(), "sku": sku}
+    product = {**request.get_json(), "sku": sku}
