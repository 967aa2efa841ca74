# change of: solution
# feedback: Vos attentes | 0,8 s
-            wait = random.uniform(0, 0.2 * 2**attempt)
+            wait = random.uniform(0, 4 ** attempt)
