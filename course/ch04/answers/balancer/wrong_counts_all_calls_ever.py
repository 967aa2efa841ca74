# change of: solution
# feedback: En cours | le moins de requêtes en cours
-            self.in_flight[url] -= 1
+            pass
