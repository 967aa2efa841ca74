# change of: right_by_hand
# feedback: vrai | répond 201
# mistake: (prend|prennent) vrai pour un prix
-    if type(price) is not int or price < 0:
+    if not isinstance(price, int) or price < 0:
