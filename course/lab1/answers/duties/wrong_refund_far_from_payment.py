# change of: solution
# feedback: rembourser | le même service
-    "commandes": {"domaine": "commandes", "gestes": ["prendre une commande"]},
-    "paiements": {"domaine": "paiements", "gestes": ["encaisser", "rembourser"]},
+    "commandes": {"domaine": "commandes", "gestes": ["prendre une commande", "rembourser"]},
+    "paiements": {"domaine": "paiements", "gestes": ["encaisser"]},
