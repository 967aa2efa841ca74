# change of: solution
# feedback: « prix » est à | deux vérités
-        "donnees": ["commande"],
+        "donnees": ["commande", "prix"],
