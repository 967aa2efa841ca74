# change of: solution
# feedback: « réserver, réserver » | +2 lampe(s) de côté
-    if order not in orders:
-        orders[order] = "de côté"
-        stock.update(left=stock["left"] - 1, aside=stock["aside"] + 1)
+    orders[order] = "de côté"
+    stock.update(left=stock["left"] - 1, aside=stock["aside"] + 1)
