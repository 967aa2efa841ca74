# change of: solution
# feedback: d’une clé déjà lue | aucun appel
-        if kid not in self.keys:
-            published = jwt.PyJWKSet.from_dict(self.fetch_keys()).keys
-            self.keys = {key.key_id: key for key in published}
+        published = jwt.PyJWKSet.from_dict(self.fetch_keys()).keys
+        self.keys = {key.key_id: key for key in published}
