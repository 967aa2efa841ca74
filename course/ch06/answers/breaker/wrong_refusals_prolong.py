# change of: solution
# feedback: 5,1 s après l’ouverture | refusé
# mistake: prolonge(nt) l’attente à chaque refus
-            if self.probing or self.clock() < self.opened_at + 5:
-                raise CircuitOpen
+            if self.probing or self.clock() < self.opened_at + 5:
+                self.opened_at = self.clock()
+                raise CircuitOpen
