# change of: solution
# feedback: « encaisser » : 2 services
-    "commandes": {"domaine": "commandes", "gestes": ["prendre une commande"]},
+    "commandes": {"domaine": "commandes", "gestes": ["prendre une commande", "encaisser"]},
