# change of: solution
# feedback: un nombre de secondes
# mistake: (rend|rendent) vrai ou faux à la place des secondes
-        return 0 if passes else (1 - tokens) / self.rate
+        return passes
