# change of: solution
# feedback: l’échec de l’essai | qui avait duré 3 s
# mistake: compte(nt) les cinq secondes depuis le début de l’essai
-        period = self.admit()
+        period = self.admit()
+        self.started = self.clock()

-                self.opened_at = self.clock()
+                self.opened_at = self.started
