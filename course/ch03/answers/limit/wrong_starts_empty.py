# change of: solution
# feedback: requête 1 d’une rafale
# mistake: commence(nt) avec un seau vide
-        tokens, since = self.buckets.get(client, (self.burst, now))
+        tokens, since = self.buckets.get(client, (0, now))
