# change of: solution
# feedback: n’en a rien su | prévenir
-        "gestes": ["prévenir le client"],
-        "ecoute": ["commande.prise"],
+        "gestes": ["prévenir le client"],
