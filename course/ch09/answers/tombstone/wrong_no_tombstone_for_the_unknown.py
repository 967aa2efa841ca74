# change of: solution
# feedback: « annuler, réserver » | 410 | la commande est annulée
-        stock.update(left=stock["left"] + 1, aside=stock["aside"] - 1)
-    orders[order] = "annulée"
+        stock.update(left=stock["left"] + 1, aside=stock["aside"] - 1)
+        orders[order] = "annulée"
