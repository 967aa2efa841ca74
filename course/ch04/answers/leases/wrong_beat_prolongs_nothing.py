# change of: solution
# feedback: battement de A | ne recevrait plus un client
-        self.register(service, url)
-        return True
+        return True
