# change of: solution
# feedback: « catalogue » tué | vous aviez annoncé : personne
         "donnees": ["fiche", "prix", "avis"],
-        "emporte": ["commandes"],
+        "emporte": [],

         "donnees": ["paiement"],
-        "emporte": ["commandes"],
+        "emporte": [],
