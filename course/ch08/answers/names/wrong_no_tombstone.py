# change of: solution
# feedback: suppression | être oublié
-        if event["version"] > version:
-            self.known[event["customer"]] = event["version"], event.get("name")
+        if event["version"] <= version:
+            return
+        if event["type"] == "CUSTOMER_DELETED":
+            self.known.pop(event["customer"], None)
+        else:
+            self.known[event["customer"]] = event["version"], event["name"]
