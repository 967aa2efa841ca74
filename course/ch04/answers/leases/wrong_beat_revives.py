# change of: solution
# feedback: ce battement a rendu True | oubliée se croirait connue
-        if url not in self.lookup(service):
+        if (service, url) not in self.ends:
