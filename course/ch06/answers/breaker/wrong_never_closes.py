# change of: solution
# feedback: refusé | circuit fermé
-                self.probing, self.opened_at = False, None
+                self.probing = False
