# change of: solution
# feedback: d’une clé jamais lue | un appel au plus
-        if kid not in self.keys:
-            published = jwt.PyJWKSet.from_dict(self.fetch_keys()).keys
-            self.keys = {key.key_id: key for key in published}
+        for _ in range(3):
+            if kid not in self.keys:
+                published = jwt.PyJWKSet.from_dict(self.fetch_keys()).keys
+                self.keys = {key.key_id: key for key in published}
