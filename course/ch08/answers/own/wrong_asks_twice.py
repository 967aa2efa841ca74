# change of: solution
# feedback: un seul appel
-        return self.ask(customer)["name"]
+        while self.ask(customer)["version"] < (written or {"version": 0})["version"]:
+            continue
+        return self.ask(customer)["name"]
