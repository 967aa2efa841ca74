# change of: right_dictionary
# feedback: répond 200 | 201 Created
-    return product, 201
+    return product
