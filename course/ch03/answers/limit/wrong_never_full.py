# change of: solution
# feedback: Le seau se remplit | au matin
# mistake: laisse(nt) déborder le seau
-        tokens = min(self.burst, tokens + (now - since) * self.rate)
+        tokens = tokens + (now - since) * self.rate
