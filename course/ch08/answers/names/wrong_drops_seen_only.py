# change of: right_dictionary_of_events
# feedback: alice v2, alice v1 | rend
-        self.latest = {}
+        self.latest, self.seen = {}, set()

-        known = self.latest.get(event["customer"])
-        if known is None or known["version"] < event["version"]:
+        known = (event["customer"], event["version"])
+        if known not in self.seen:
+            self.seen.add(known)
