# change of: solution
# feedback: refusé
-        self.clock = clock
+        self.clock = time.monotonic
