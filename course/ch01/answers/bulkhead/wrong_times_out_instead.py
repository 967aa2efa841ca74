# change of: solution
# feedback: figée
-    if not free[part].acquire(blocking=False):
-        abort(503, f"La partie {part} est pleine.")
-    try:
-        yield
-    finally:
-        free[part].release()
+    yield

-    answer = requests.get(partner)
+    answer = requests.get(partner, timeout=0.5)
