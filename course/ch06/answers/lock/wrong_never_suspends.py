# change of: solution
# feedback: ✗✗✗ | appel a été fait
# mistake: ne (suspend|suspendent) jamais les appels
-                if self.failures == 3:
-                    self.failures, self.open_until = 0, self.clock() + 5
+                pass
