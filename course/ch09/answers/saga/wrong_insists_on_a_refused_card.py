# change of: solution
# feedback: la commande ne finit jamais | et cela recommence sans fin
# mistake: redemande(nt) à une carte refusée
-    wanted = ["reserve", "charge", "confirm"]
+    if ("charge", "refused") in history:
+        return "charge"
+    wanted = ["reserve", "charge", "confirm"]
