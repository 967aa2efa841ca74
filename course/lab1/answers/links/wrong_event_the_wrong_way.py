# change of: solution
# feedback: n’en a rien su
-        "ecoute": ["commande.prise"],
-    },
-    "commandes": {
+        "publie": ["commande.prise"],
+    },
+    "commandes": {

-        "publie": ["commande.prise"],
+        "ecoute": ["commande.prise"],
