# change of: solution
# feedback: Zoé | rend None
-        if event["version"] > version:
+        if event["version"] > version and self.known.get(event["customer"]) != (version, None):
