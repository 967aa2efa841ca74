# change of: solution
# feedback: « paiements » | n’en a rien su
-        "appelle": ["catalogue", "paiements"],
+        "appelle": ["catalogue"],
