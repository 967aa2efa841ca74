# change of: solution
# feedback: un prix négatif | 502
-    if not good or type(price) is not int or price < 0:
+    if not good or type(price) is not int:
