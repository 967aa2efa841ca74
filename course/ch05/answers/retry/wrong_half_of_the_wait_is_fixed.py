# change of: solution
# feedback: ce n’est pas tiré entre 0 et 0,20 s
# mistake: ne tire(nt) au hasard qu’une partie de l’attente
-            wait = random.uniform(0, 0.2 * 2**attempt)
+            wait = 0.1 * 2**attempt + random.uniform(0, 0.1 * 2**attempt)
