# change of: solution
# feedback: auth a changé de clé | est refusé
-        if kid not in self.keys:
-            published = jwt.PyJWKSet.from_dict(self.fetch_keys()).keys
+        if not self.keys:
+            published = jwt.PyJWKSet.from_dict(self.fetch_keys()).keys
