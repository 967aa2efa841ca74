# change of: solution
# feedback: ne publie plus l’ancienne clé | est accepté
-            self.keys = {key.key_id: key for key in published}
+            self.keys.update({key.key_id: key for key in published})
