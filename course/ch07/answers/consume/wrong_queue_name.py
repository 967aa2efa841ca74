# change of: solution
# feedback: courrier.commandes » n’existe pas
# mistake: (lit|lisent) une autre file
-QUEUE = "courrier.commandes"
+QUEUE = "commandes"
