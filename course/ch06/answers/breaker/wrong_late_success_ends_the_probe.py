# change of: solution
# feedback: fini pendant l’essai | ancien appel
# mistake: laisse(nt) un ancien appel compter après un changement d’état
-            if period != self.period:
-                return  # parti avant le dernier changement d’état
-            probe = self.probing
+            probe = self.probing
+            if period != self.period and (failed or not probe):
+                return
