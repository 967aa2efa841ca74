# change of: solution
# feedback: TypeError | NoneType
-        if call["status"] is None or call["status"] >= 500 or call["seconds"] > 1
+        if call["status"] >= 500 or call["seconds"] > 1
