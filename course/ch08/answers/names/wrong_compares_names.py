# change of: solution
# feedback: rend
-        if event["version"] > version:
+        if event.get("name") != self.name(event["customer"]):
