# change of: solution
# feedback: reçoit 500 | 503
-        abort(503, f"La partie {part} est pleine.")
+        raise RuntimeError("plein")
