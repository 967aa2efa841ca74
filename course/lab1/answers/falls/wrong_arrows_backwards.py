# change of: solution
# feedback: « commandes » tué
         "donnees": ["fiche", "prix", "avis"],
-        "emporte": ["commandes"],
+        "emporte": [],

         "donnees": ["commande"],
-        "emporte": [],
+        "emporte": ["catalogue", "paiements"],

         "donnees": ["paiement"],
-        "emporte": ["commandes"],
+        "emporte": [],
