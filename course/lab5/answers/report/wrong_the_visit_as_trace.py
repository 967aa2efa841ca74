# change of: solution
# feedback: Le rapport contient une valeur
# mistake: (donne|donnent) la visite, et non l’identifiant de sa trace
-    "trace": hurt[-1].trace,
+    "trace": hurt[-1],
