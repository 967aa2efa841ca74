# change of: solution
# feedback: ce n’est pas tiré entre 0 et 0,40 s
# mistake: ne (double|doublent) pas le plafond de l’attente
-            wait = random.uniform(0, 0.2 * 2**attempt)
+            wait = random.uniform(0, 0.2)
