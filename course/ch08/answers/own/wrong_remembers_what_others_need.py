# change of: solution
# feedback: puis je lis, puis un autre lit | carnet a été appelé 1 fois | aucun appel
-        self.ask, self.copy = ask, {}
+        self.ask, self.copy, self.needed = ask, {}, {}

-        known = self.copy.get(customer)
-        if known and (written is None or known["version"] >= written["version"]):
+        known = self.copy.get(customer)
+        if written:
+            self.needed[customer] = written["version"]
+        if known and known["version"] >= self.needed.get(customer, 0):
