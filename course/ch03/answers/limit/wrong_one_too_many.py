# change of: solution
# feedback: au même instant | plus qu’ils ne peuvent porter
# mistake: accorde(nt) un jeton de trop
-        passes = tokens >= 1
+        passes = tokens >= 0
