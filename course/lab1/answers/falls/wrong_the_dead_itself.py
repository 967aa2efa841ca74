# change of: solution
# feedback: lui-même
         "donnees": ["fiche", "prix", "avis"],
-        "emporte": ["commandes"],
+        "emporte": ["catalogue", "commandes"],
