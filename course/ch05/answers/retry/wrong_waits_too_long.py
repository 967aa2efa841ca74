# change of: solution
# feedback: avant cet essai-là
# mistake: attend(ent) trop longtemps entre deux essais
-            wait = random.uniform(0, 0.2 * 2**attempt)
+            wait = random.uniform(0, 4 ** attempt)
