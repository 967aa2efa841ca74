# change of: solution
# feedback: reçoit 429 | 503
-        abort(503, f"La partie {part} est pleine.")
+        abort(429)
