# change of: solution
# feedback: au même instant | chaque échec compté une fois
# mistake: compte(nt) hors du verrou
-            with self.lock:
-                self.failures += 1
-                if self.failures == 3:
-                    self.failures, self.open_until = 0, self.clock() + 5
+            self.failures += 1
+            with self.lock:
+                if self.failures == 3:
+                    self.failures, self.open_until = 0, self.clock() + 5
