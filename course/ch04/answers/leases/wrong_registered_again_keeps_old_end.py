# change of: solution
# feedback: inscrire A | ne recevrait plus un client
# mistake: ne prolonge(nt) pas le bail d’une instance inscrite à nouveau
-        self.ends[service, url] = self.clock() + 3
+        if url not in self.lookup(service):
+            self.ends[service, url] = self.clock() + 3
