# change of: solution
# feedback: un compte reparti de zéro
# mistake: ne (remet|remettent) pas le compte à zéro
-                if self.failures == 3:
-                    self.failures, self.open_until = 0, self.clock() + 5
+                if self.failures >= 3:
+                    self.open_until = self.clock() + 5
