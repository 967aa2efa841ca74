# change of: solution
# feedback: attendent à la porte | 503 tout de suite
-    if not free[part].acquire(blocking=False):
-        abort(503, f"La partie {part} est pleine.")
+    free[part].acquire()
