# change of: solution
# feedback: battement de A | il n’y a plus personne
# mistake: ajoute(nt) trois secondes au lieu de repartir pour trois
-        self.register(service, url)
-        return True
+        self.ends[service, url] += 3
+        return True
