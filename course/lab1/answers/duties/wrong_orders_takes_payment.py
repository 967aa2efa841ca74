# change of: solution
# feedback: sait « prendre une commande » et « encaisser »
-    "commandes": {"domaine": "commandes", "gestes": ["prendre une commande"]},
-    "paiements": {"domaine": "paiements", "gestes": ["encaisser", "rembourser"]},
+    "commandes": {
+        "domaine": "commandes",
+        "gestes": ["prendre une commande", "encaisser", "rembourser"],
+    },
+    "paiements": {"domaine": "paiements", "gestes": ["facturer"]},
