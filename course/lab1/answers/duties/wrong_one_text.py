# change of: solution
# feedback: une liste de textes
-    "commandes": {"domaine": "commandes", "gestes": ["prendre une commande"]},
+    "commandes": {"domaine": "commandes", "gestes": "prendre une commande"},
