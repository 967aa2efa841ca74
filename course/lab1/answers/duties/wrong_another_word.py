# change of: solution
# feedback: « encaisser » : personne
-    "paiements": {"domaine": "paiements", "gestes": ["encaisser", "rembourser"]},
+    "paiements": {"domaine": "paiements", "gestes": ["payer", "rembourser"]},
