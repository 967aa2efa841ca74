# change of: solution
# feedback: un appel au plus par jeton
-        if kid not in self.keys:
-            published = jwt.PyJWKSet.from_dict(self.fetch_keys()).keys
-            self.keys = {key.key_id: key for key in published}
+        for _ in range(3):
+            if kid not in self.keys:
+                published = jwt.PyJWKSet.from_dict(self.fetch_keys()).keys
+                self.keys = {key.key_id: key for key in published}
