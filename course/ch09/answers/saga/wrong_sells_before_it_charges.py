# change of: solution
# feedback: la commande ne finit jamais | n’est plus possible
# mistake: confirme(nt) avant d’avoir débité
-    wanted = ["reserve", "charge", "confirm"]
+    wanted = ["reserve", "confirm", "charge"]
