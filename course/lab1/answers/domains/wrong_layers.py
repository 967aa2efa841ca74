# change of: solution
# feedback: 0 domaine(s)
-    "comptes": {"domaine": "utilisateurs"},
+    "ecran": {"domaine": "interface"},
-    "catalogue": {"domaine": "produits"},
+    "logique": {"domaine": "logique métier"},
-    "stock": {"domaine": "stock"},
+    "donnees": {"domaine": "base de données"},
-    "commandes": {"domaine": "commandes"},
+    "cache": {"domaine": "cache"},
-    "paiements": {"domaine": "paiements"},
+    "passerelle": {"domaine": "passerelle"},
-    "notifications": {"domaine": "notifications"},
+    "journal": {"domaine": "journaux"},
