# change of: solution
# feedback: qui n’existe pas
         "donnees": ["paiement"],
-        "emporte": ["commandes"],
+        "emporte": ["orders"],
