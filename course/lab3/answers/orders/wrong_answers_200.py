# change of: solution
# feedback: répond 200 | 201
-    return order, 201
+    return order
