# change of: solution
# feedback: dont le dernier a pris trois secondes
# mistake: compte(nt) les cinq secondes depuis le début de l’appel
-        with self.lock:
-            if self.clock() < self.open_until:
+        now = self.clock()
+        with self.lock:
+            if now < self.open_until:

-                    self.failures, self.open_until = 0, self.clock() + 5
+                    self.failures, self.open_until = 0, now + 5
