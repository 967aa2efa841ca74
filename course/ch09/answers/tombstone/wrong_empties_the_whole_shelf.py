# change of: solution
# feedback: réserver | de côté et | en rayon
-        stock.update(left=stock["left"] + 1, aside=stock["aside"] - 1)
-    orders[order] = "annulée"
+        stock.update(left=1000, aside=0)
+    orders[order] = "annulée"
