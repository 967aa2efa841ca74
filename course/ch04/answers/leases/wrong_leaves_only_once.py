# change of: solution
# feedback: KeyError
# mistake: plante(nt) à la seconde désinscription
-        self.ends.pop((service, url), None)
+        del self.ends[service, url]
