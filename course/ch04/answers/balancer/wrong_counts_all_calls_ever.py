# change of: solution
# feedback: En cours | le moins de requêtes en cours
# mistake: compte(nt) tous les appels, et non ceux en cours
-            self.in_flight[url] -= 1
+            pass
