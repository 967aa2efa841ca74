# change of: solution
# feedback: battement de A | il n’y a plus personne
-        self.register(service, url)
-        return True
+        self.ends[service, url] += 3
+        return True
