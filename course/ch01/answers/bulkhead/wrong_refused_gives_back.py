# change of: solution
# feedback: exactement 2 requêtes
-    if not free[part].acquire(blocking=False):
-        abort(503, f"La partie {part} est pleine.")
-    try:
-        yield
-    finally:
+    try:
+        if not free[part].acquire(blocking=False):
+            abort(503, f"La partie {part} est pleine.")
+        yield
+    finally:
