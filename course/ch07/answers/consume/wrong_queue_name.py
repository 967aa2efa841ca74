# change of: solution
# feedback: courrier.commandes » n’existe pas
-QUEUE = "courrier.commandes"
+QUEUE = "commandes"
