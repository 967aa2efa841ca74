# change of: solution
# feedback: battement de A | ne recevrait plus un client
# mistake: ne prolonge(nt) rien au battement
-        self.register(service, url)
-        return True
+        return True
