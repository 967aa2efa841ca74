# change of: solution
# feedback: le plus rapide | sans attendre
-    if not free[part].acquire(blocking=False):
+    if not free[part].acquire(timeout=1):
