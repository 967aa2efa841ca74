# change of: solution
# feedback: requête 1 d’une rafale
-        tokens, since = self.buckets.get(client, (self.burst, now))
+        tokens, since = self.buckets.get(client, (0, now))
