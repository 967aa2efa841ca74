# change of: solution
# feedback: réessaie trop tôt
# mistake: ne redonne(nt) que des jetons entiers
-        tokens = min(self.burst, tokens + (now - since) * self.rate)
+        tokens = min(self.burst, tokens + int((now - since) * self.rate))
