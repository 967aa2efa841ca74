# change of: solution
# feedback: bob v10 | 'Bob Durand'
-        if event["version"] > version:
+        if str(event["version"]) > str(version):
