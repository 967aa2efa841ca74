# change of: solution
# feedback: refusé | essai
# mistake: ne (rend|rendent) jamais la place de l’essai
-                self.probing, self.opened_at = False, None
+                self.opened_at = None
