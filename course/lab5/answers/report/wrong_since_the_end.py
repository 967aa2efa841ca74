# change of: solution
# feedback: la première visite manquée
-    "since": hurt[0].at,
+    "since": hurt[0].at + 3600,
