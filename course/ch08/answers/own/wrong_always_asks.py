# change of: solution
# feedback: carnet a été appelé | aucun appel
-        if known and (written is None or known["version"] >= written["version"]):
-            return known["name"]
         return self.ask(customer)["name"]
