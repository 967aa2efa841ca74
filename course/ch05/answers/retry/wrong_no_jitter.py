# change of: solution
# feedback: ce n’est pas tiré | au hasard
# mistake: attend(ent) sans rien tirer au hasard
-            wait = random.uniform(0, 0.2 * 2**attempt)
+            wait = 0.1 * 2**attempt
