# change of: solution
# feedback: sans demander le prix
-        "appelle": ["catalogue", "paiements"],
+        "appelle": ["paiements"],
