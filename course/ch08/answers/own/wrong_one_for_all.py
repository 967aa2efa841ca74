# change of: solution
# feedback: un nom d’Alice | Bob
-        self.copy[event["customer"]] = event
+        self.copy = event

-        known = self.copy.get(customer)
+        known = self.copy
