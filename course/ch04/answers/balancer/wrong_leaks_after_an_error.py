# change of: solution
# feedback: un appel a fini par une exception | le moins de requêtes en cours
# mistake: ne décompte(nt) pas un appel qui a échoué
-        finally:
-            self.in_flight[url] -= 1
+        self.in_flight[url] -= 1
