# change of: solution
# feedback: suivant a été fait | circuit ouvert
-            if failed and (probe or sum(self.failures) >= 5):
+            if failed and (probe or sum(self.failures) > 5):
