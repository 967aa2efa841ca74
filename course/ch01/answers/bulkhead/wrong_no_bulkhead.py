# change of: solution
# feedback: 8 y sont entrés | figée
-    if not free[part].acquire(blocking=False):
-        abort(503, f"La partie {part} est pleine.")
-    try:
-        yield
-    finally:
-        free[part].release()
+    yield
