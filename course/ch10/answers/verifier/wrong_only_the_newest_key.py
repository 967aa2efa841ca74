# change of: solution
# feedback: de l’ancienne, encore publiée | est refusé
-            self.keys = {key.key_id: key for key in published}
+            self.keys = {published[0].key_id: published[0]}
