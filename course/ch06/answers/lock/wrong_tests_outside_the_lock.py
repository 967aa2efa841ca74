# change of: solution
# feedback: au même instant | chaque échec compté une fois
# mistake: compare(nt) le compte hors du verrou
-                if self.failures == 3:
-                    self.failures, self.open_until = 0, self.clock() + 5
+            if self.failures == 3:
+                self.failures, self.open_until = 0, self.clock() + 5
