# change of: solution
# feedback: l’échec de l’essai | appel a été fait
# mistake: ne (rouvre|rouvrent) pas après un essai manqué
-            if failed and (probe or sum(self.failures) >= 5):
+            if failed and sum(self.failures) >= 5:
