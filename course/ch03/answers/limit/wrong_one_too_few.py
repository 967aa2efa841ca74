# change of: solution
# feedback: au même instant | plus qu’ils ne peuvent porter
-        passes = tokens >= 1
+        passes = tokens > 1
