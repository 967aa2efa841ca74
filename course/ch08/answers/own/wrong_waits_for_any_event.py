# change of: solution
# feedback: plus vieille que la mienne
-        self.ask, self.copy = ask, {}
+        self.ask, self.copy, self.news = ask, {}, False

-        self.copy[event["customer"]] = event
+        self.copy[event["customer"]], self.news = event, True

-        if known and (written is None or known["version"] >= written["version"]):
+        if known and (written is None or self.news):
+            self.news = False
