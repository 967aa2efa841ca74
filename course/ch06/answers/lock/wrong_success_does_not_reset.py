# change of: solution
# feedback: un appel a été refusé | trois échecs de suite
# mistake: n’oublie(nt) pas les échecs après un succès
-        with self.lock:
-            self.failures = 0
+        pass
