# change of: solution
# feedback: un appel a été refusé | trois échecs de suite
-        with self.lock:
-            self.failures = 0
+        pass
