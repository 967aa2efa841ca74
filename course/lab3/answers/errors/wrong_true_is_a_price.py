# change of: solution
# feedback: vrai | 502
-    if not good or type(price) is not int or price < 0:
+    if not good or not isinstance(price, int) or price < 0:
