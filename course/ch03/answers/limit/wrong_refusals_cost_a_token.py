# change of: solution
# feedback: réessaie trop tôt
# mistake: (fait|font) payer un jeton à une requête refusée
-        self.buckets[client] = (tokens - passes, now)
+        self.buckets[client] = (tokens - 1, now)
