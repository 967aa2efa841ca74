# change of: solution
# feedback: réessaie trop tôt
-        tokens = min(self.burst, tokens + (now - since) * self.rate)
+        tokens = min(self.burst, tokens + int((now - since) * self.rate))
