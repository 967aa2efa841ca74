# change of: solution
# feedback: database is locked
-        "base": "comptes.db",
+        "base": "boutique.db",

-        "base": "catalogue.db",
+        "base": "boutique.db",

-        "base": "stock.db",
+        "base": "boutique.db",

-        "base": "commandes.db",
+        "base": "boutique.db",

-        "base": "paiements.db",
+        "base": "boutique.db",

-        "base": "notifications.db",
+        "base": "boutique.db",
