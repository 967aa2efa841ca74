# change of: solution
# feedback: « facture » est à
-        "donnees": ["commande"],
+        "donnees": ["commande", "facture"],

-        "donnees": ["paiement"],
+        "donnees": ["paiement", "facture"],
