# change of: solution
# feedback: « quantite » est à | aujourd’hui
-        "donnees": ["fiche", "prix", "avis"],
+        "donnees": ["fiche", "prix", "avis", "quantité"],
