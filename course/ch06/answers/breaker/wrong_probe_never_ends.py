# change of: solution
# feedback: refusé | essai
-                self.probing, self.opened_at = False, None
+                self.opened_at = None
