# change of: solution
# feedback: rend None
-        if event["version"] > version:
+        if event["version"] == version + 1:
