# change of: solution
# feedback: lui-même
-        "appelle": ["catalogue", "paiements"],
+        "appelle": ["catalogue", "paiements", "commandes"],
