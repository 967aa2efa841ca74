# change of: solution
# feedback: Il suffirait d’insister
-        self.buckets[client] = (tokens - passes, now)
+        self.buckets[client] = (tokens - passes, now if passes else since)
