# change of: solution
# feedback: bob v10 | Robert
-        if event["version"] > version:
+        if str(event["version"]) > str(version):
