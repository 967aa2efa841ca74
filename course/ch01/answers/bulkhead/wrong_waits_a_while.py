# change of: solution
# feedback: attendent à la porte | 503 tout de suite
-    if not free[part].acquire(blocking=False):
+    if not free[part].acquire(timeout=120):
