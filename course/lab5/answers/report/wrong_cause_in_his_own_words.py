# change of: solution
# feedback: « cause » vaut
-    "cause": "contrat",
+    "cause": "le champ price_cents a été renommé",
