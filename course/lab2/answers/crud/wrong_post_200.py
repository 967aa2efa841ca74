# change of: right_dictionary
# feedback: répond 200 | 201 Created
# mistake: répond(ent) 200 à une création
-    return product, 201
+    return product
