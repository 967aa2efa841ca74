# change of: solution
# feedback: alice v1 | rend
-        if event["version"] > version:
-            self.known[event["customer"]] = event["version"], event.get("name")
+        self.known[event["customer"]] = event["version"], event.get("name")
