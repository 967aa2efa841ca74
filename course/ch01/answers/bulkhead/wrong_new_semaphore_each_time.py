# change of: solution
# feedback: 8 y sont entrés
-    if not free[part].acquire(blocking=False):
+    free[part] = threading.Semaphore(2)
+    if not free[part].acquire(blocking=False):
