# change of: solution
# feedback: None
-        return self.ask(customer)["name"]
+        return self.ask(customer)["name"] if known else None
