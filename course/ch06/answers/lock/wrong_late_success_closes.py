# change of: solution
# feedback: la réussite d’un appel parti avant eux
# mistake: laisse(nt) une réussite tardive rouvrir le passage
-            self.failures = 0
+            self.failures, self.open_until = 0, 0.0
