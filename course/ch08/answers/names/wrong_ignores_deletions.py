# change of: solution
# feedback: suppression | None
-        if event["version"] > version:
+        if event["version"] > version and "name" in event:
