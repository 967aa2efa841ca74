# change of: solution
# feedback: 'quantity': 0 | 422
-    if type(quantity) is not int or quantity < 1:
+    if type(quantity) is not int or quantity < 0:
