# change of: solution
# feedback: True | 422
-    if type(quantity) is not int or quantity < 1:
+    if not isinstance(quantity, int) or quantity < 1:
