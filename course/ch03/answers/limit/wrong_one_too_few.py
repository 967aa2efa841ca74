# change of: solution
# feedback: au même instant | plus qu’ils ne peuvent porter
# mistake: refuse(nt) un jeton trop tôt
-        passes = tokens >= 1
+        passes = tokens > 1
