# change of: solution
# feedback: « réserver, annuler, annuler » | qui n’existent pas
-    if orders.get(order) == "de côté":
+    if order in orders:
