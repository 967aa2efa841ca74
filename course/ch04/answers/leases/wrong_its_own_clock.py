# change of: solution
# feedback: rend [A] | une liste vide
-        self.clock = clock
+        self.clock = time.monotonic
