# change of: solution
# feedback: fini après l’essai réussi | ancien appel
-            if period != self.period:
+            if self.opened_at is not None and period != self.period:
