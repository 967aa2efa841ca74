# change of: solution
# feedback: RuntimeError | circuit ouvert
-            if self.probing or self.clock() < self.opened_at + 5:
-                raise CircuitOpen
+            if self.probing or self.clock() < self.opened_at + 5:
+                raise RuntimeError("circuit ouvert")
