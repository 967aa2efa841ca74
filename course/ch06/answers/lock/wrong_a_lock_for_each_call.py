# change of: solution
# feedback: au même instant | trois échecs comptés
-            with self.lock:
-                self.failures += 1
+            with threading.Lock():
+                self.failures += 1
