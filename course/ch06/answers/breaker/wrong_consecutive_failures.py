# change of: solution
# feedback: suivant a été fait | circuit ouvert
# mistake: compte(nt) les échecs de suite, et non sur les dix derniers
-            self.failures.append(failed)
-            if failed and (probe or sum(self.failures) >= 5):
+            if not failed:
+                self.failures.clear()
+            self.failures.append(failed)
+            if failed and (probe or sum(self.failures) >= 5):
