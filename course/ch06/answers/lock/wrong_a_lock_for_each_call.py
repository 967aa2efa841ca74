# change of: solution
# feedback: au même instant | trois échecs comptés
# mistake: (prend|prennent) un verrou neuf à chaque appel
-            with self.lock:
-                self.failures += 1
+            with threading.Lock():
+                self.failures += 1
