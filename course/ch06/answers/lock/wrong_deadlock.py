# change of: solution
# feedback: rendu la main
# mistake: ne (relâche|relâchent) pas le verrou
-            with self.lock:
-                self.failures += 1
+            self.lock.acquire()
+            if True:
+                self.failures += 1
