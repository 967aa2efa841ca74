# change of: solution
# feedback: Avant toute panne
-        "base": "paiements.db",
+        "appelle": ["commandes"],
+        "base": "paiements.db",
