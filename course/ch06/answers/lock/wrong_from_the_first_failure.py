# change of: solution
# feedback: à deux secondes l’un de l’autre
# mistake: compte(nt) les cinq secondes depuis le premier échec
-                self.failures += 1
+                self.failures += 1
+                if self.failures == 1:
+                    self.since = self.clock()

-                    self.failures, self.open_until = 0, self.clock() + 5
+                    self.failures, self.open_until = 0, self.since + 5
