# change of: solution
# feedback: deux pauses et ✗✗✗
# mistake: ne remet(tent) pas le compte à zéro à l’ouverture
-                    self.failures, self.open_until = 0, self.clock() + 5
+                    self.open_until = self.clock() + 5
