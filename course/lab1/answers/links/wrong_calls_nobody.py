# change of: solution
# feedback: qui n’existe pas
-        "appelle": ["catalogue", "paiements"],
+        "appelle": ["catalogue", "banque"],
