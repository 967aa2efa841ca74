# change of: solution
# feedback: refusé | circuit fermé
# mistake: ne referme(nt) jamais le circuit
-                self.probing, self.opened_at = False, None
+                self.probing = False
