# change of: solution
# feedback: database is locked | chacun sa base
-        "base": "commandes.db",
+        "base": "paiements.db",
