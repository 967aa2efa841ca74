# change of: solution
# feedback: réessaie trop tôt
-        self.buckets[client] = (tokens - passes, now)
+        self.buckets[client] = (tokens - 1, now)
