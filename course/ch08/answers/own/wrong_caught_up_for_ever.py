# change of: solution
# feedback: Je lis, puis j’écris, puis je lis | plus vieille que la mienne
-        self.ask, self.copy = ask, {}
+        self.ask, self.copy, self.fresh = ask, {}, set()

-        if known and (written is None or known["version"] >= written["version"]):
-            return known["name"]
-        return self.ask(customer)["name"]
+        enough = written is None or customer in self.fresh
+        if known and (enough or known["version"] >= written["version"]):
+            return known["name"]
+        self.fresh.add(customer)
+        self.copy[customer] = self.ask(customer)
+        return self.copy[customer]["name"]
