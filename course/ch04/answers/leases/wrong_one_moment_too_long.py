# change of: solution
# feedback: inscrire A, 1 s passent, 2 s passent | une liste vide
# mistake: garde(nt) une instance un instant de trop
-        return [url for (name, url), end in self.ends.items() if name == service and end > now]
+        return [url for (name, url), end in self.ends.items() if name == service and end >= now]
