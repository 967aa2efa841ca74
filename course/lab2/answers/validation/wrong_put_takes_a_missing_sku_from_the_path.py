# change of: right_dictionary_of_faults
# feedback: PUT avec un SKU absent | répond 200
# mistake: accepte(nt) un corps sans SKU
-def valid_product():
+def valid_product(**du_chemin):

         corps = {}
+    corps.update(du_chemin)

-    product = {**valid_product(), "sku": sku}
+    product = valid_product(sku=sku)
