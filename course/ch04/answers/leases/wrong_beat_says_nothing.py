# change of: solution
# feedback: a rendu None | True
-        self.register(service, url)
-        return True
+        self.register(service, url)
