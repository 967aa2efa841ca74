# change of: solution
# feedback: « stock » tué | s’arrêtent : personne
         "donnees": ["quantité", "colis"],
-        "emporte": [],
+        "emporte": ["commandes"],
