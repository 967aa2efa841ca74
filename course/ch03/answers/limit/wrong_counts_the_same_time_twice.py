# change of: solution
# feedback: Il suffirait d’insister
# mistake: compte(nt) deux fois le même temps
-        self.buckets[client] = (tokens - passes, now)
+        self.buckets[client] = (tokens - passes, now if passes else since)
