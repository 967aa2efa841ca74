# change of: solution
# feedback: « colis » : aucun service | 404
-        "donnees": ["quantité", "colis"],
+        "donnees": ["quantité"],
