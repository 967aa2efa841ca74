# change of: solution
# feedback: ✗✗✗ | appel a été fait
-                if self.failures == 3:
-                    self.failures, self.open_until = 0, self.clock() + 5
+                pass
