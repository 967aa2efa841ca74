# change of: solution
# feedback: « encaisser » est chez | le geste et sa donnée
-        "donnees": ["commande"],
+        "donnees": ["commande", "paiement"],

-        "donnees": ["paiement"],
+        "donnees": ["facture"],
