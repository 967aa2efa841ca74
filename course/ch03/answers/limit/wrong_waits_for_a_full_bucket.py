# change of: solution
# feedback: à un millième près
# mistake: annonce(nt) un autre délai que le bon
-        return 0 if passes else (1 - tokens) / self.rate
+        return 0 if passes else (self.burst - tokens) / self.rate
