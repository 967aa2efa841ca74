# change of: solution
# feedback: réessaie trop tôt
-        self.buckets[client] = (tokens - passes, now)
+        self.buckets[client] = (tokens - passes, now) if passes else (0, now)
