# change of: solution
# feedback: un nombre de secondes
-        return 0 if passes else (1 - tokens) / self.rate
+        return passes
