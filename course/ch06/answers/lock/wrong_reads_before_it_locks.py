# change of: solution
# feedback: au même instant | chaque échec compté une fois
# mistake: compte(nt) hors du verrou
-            with self.lock:
-                self.failures += 1
-                if self.failures == 3:
+            count = self.failures + 1
+            with self.lock:
+                self.failures = count
+                if self.failures == 3:
