# change of: solution
# feedback: a rendu None | True
# mistake: ne répond(ent) rien au battement
-        self.register(service, url)
-        return True
+        self.register(service, url)
