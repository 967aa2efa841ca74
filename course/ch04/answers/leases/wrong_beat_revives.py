# change of: solution
# feedback: ce battement a rendu True | oubliée se croirait connue
# mistake: inscri(t|vent) au battement une instance oubliée
-        if url not in self.lookup(service):
+        if (service, url) not in self.ends:
