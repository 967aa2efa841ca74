# change of: solution
# feedback: aucun article vendu | commande confirmée
# mistake: oublie(nt) de confirmer
-    wanted = ["reserve", "charge", "confirm"]
+    wanted = ["reserve", "charge"]
