# change of: solution
# feedback: un appel a fini par une exception | le moins de requêtes en cours
-        finally:
-            self.in_flight[url] -= 1
+        self.in_flight[url] -= 1
