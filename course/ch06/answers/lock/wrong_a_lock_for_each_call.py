# change of: solution
# feedback: au même instant | chaque échec compté une fois
# mistake: (prend|prennent) un verrou neuf à chaque appel
-            with self.lock:
-                self.failures += 1
+            with threading.Lock():
+                self.failures += 1
