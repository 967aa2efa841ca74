# change of: solution
# feedback: Un événement arrive, puis je lis | carnet a été appelé 1 fois | aucun appel
-        self.copy[event["customer"]] = event
+        known = self.copy.get(event["customer"], {"version": 0})
+        if event["version"] == known["version"] + 1:
+            self.copy[event["customer"]] = event
