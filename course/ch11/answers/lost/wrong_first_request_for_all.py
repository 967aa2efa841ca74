# change of: solution
# feedback: contient aucun appel servi
-pool = ThreadPoolExecutor(16)
+pool = None

-    return pool.submit(contextvars.copy_context().run, *task)
+    global pool
+    if pool is None:
+        context = contextvars.copy_context()
+        pool = ThreadPoolExecutor(16)
+        pool.first = context
+    return pool.submit(pool.first.copy().run, *task)
