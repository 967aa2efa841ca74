# change of: solution
# feedback: Battement de A : ce battement a rendu True | False
# mistake: inscri(t|vent) au battement une instance oubliée
-        if url not in self.lookup(service):
-            return False
