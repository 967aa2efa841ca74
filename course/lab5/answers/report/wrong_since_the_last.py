# change of: solution
# feedback: la première visite manquée
# mistake: (donne|donnent) l’heure d’une autre visite
-    "since": hurt[0].at,
+    "since": hurt[-1].at,
