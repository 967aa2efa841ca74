# change of: solution
# feedback: ne prend plus de commande
-        "ecoute": ["commande.prise"],
-    },
-    "commandes": {
+    },
+    "commandes": {

-        "appelle": ["catalogue", "paiements"],
-        "publie": ["commande.prise"],
+        "appelle": ["catalogue", "paiements", "stock", "notifications"],

-        "gestes": ["prévenir le client"],
-        "ecoute": ["commande.prise"],
+        "gestes": ["prévenir le client"],
