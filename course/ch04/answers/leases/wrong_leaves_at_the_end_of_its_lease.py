# change of: solution
# feedback: désinscrire A | une liste vide
-        self.ends.pop((service, url), None)
+        pass  # son bail finira bien
