# change of: solution
# feedback: Battement de A : ce battement a rendu True | False
-        if url not in self.lookup(service):
-            return False
