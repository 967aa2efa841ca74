# change of: solution
# feedback: désinscrire A | une liste vide
# mistake: ne désinscri(t|vent) personne avant la fin du bail
-        self.ends.pop((service, url), None)
+        pass  # son bail finira bien
