# change of: solution
# feedback: aucun article vendu | commande confirmée
-    wanted = ["reserve", "charge", "confirm"]
+    wanted = ["reserve", "charge"]
