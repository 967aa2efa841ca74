# change of: solution
# feedback: Le seau se remplit | au matin
-        tokens = min(self.burst, tokens + (now - since) * self.rate)
+        tokens = tokens + (now - since) * self.rate
