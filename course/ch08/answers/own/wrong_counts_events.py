# change of: solution
# feedback: plus vieille que la mienne
-        self.copy[event["customer"]] = event
+        count = self.copy.get(event["customer"], {"count": 0})["count"] + 1
+        self.copy[event["customer"]] = {**event, "count": count}

-        if known and (written is None or known["version"] >= written["version"]):
+        if known and (written is None or known["count"] >= 2):
