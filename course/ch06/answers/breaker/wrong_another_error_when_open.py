# change of: solution
# feedback: RuntimeError | circuit ouvert
# mistake: lève(nt) une autre exception quand le circuit est ouvert
-            if self.probing or self.clock() < self.opened_at + 5:
-                raise CircuitOpen
+            if self.probing or self.clock() < self.opened_at + 5:
+                raise RuntimeError("circuit ouvert")
