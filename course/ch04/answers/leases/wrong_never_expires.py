# change of: solution
# feedback: rend [A] | plus personne
# mistake: n’oublie(nt) jamais personne
-        return [url for (name, url), end in self.ends.items() if name == service and end > now]
+        return [url for (name, url), end in self.ends.items() if name == service]
