# change of: solution
# feedback: fini après l’essai réussi | ancien appel
# mistake: laisse(nt) un ancien appel compter après un changement d’état
-            if period != self.period:
+            if self.opened_at is not None and period != self.period:
