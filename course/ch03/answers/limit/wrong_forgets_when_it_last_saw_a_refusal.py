# change of: solution
# feedback: réessaie trop tôt
# mistake: (perd|perdent) le temps écoulé avant un refus
-        self.buckets[client] = (tokens - passes, now)
+        self.buckets[client] = (tokens - passes, now) if passes else (0, now)
