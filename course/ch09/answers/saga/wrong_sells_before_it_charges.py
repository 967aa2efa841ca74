# change of: solution
# feedback: la commande ne finit jamais | n’est plus possible
-    wanted = ["reserve", "charge", "confirm"]
+    wanted = ["reserve", "confirm", "charge"]
