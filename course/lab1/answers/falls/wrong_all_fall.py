# change of: solution
# feedback: « comptes » tué
         "donnees": ["adresse"],
-        "emporte": [],
+        "emporte": ["catalogue", "stock", "commandes", "paiements", "notifications"],
