# change of: solution
# feedback: au même instant | 2 sont arrivés
# mistake: laisse(nt) passer plusieurs essais au même instant
-        with self.lock:
-            if self.opened_at is None:
-                return self.period
-            if self.probing or self.clock() < self.opened_at + 5:
-                raise CircuitOpen
-            self.probing = True
-            self.period += 1
-            return self.period
+        if self.opened_at is None:
+            return self.period
+        if self.probing or self.clock() < self.opened_at + 5:
+            raise CircuitOpen
+        with self.lock:
+            self.probing = True
+            self.period += 1
+        return self.period
