# change of: solution
# feedback: deux pauses et ✗✗✗
# mistake: garde(nt) son compte d’échecs à l’ouverture
-                    self.failures, self.open_until = 0, self.clock() + 5
+                    self.open_until = self.clock() + 5
