# change of: solution
# feedback: « annuler » | -1 lampe(s) de côté
-    if orders.get(order) == "de côté":
+    if orders.get(order) != "annulée":
