# change of: solution
# feedback: remise à l’heure | carnet a été appelé 1 fois
-        self.copy[event["customer"]] = event
+        known = self.copy.get(event["customer"])
+        if known is None or event["at"] >= known["at"]:
+            self.copy[event["customer"]] = event
