# change of: solution
# feedback: suivant a été fait | circuit ouvert
# mistake: attend(ent) le sixième échec
-            if failed and (probe or sum(self.failures) >= 5):
+            if failed and (probe or sum(self.failures) > 5):
