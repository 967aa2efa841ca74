# change of: solution
# feedback: contient aucun appel servi
-pool = ThreadPoolExecutor(16)
+pool = ThreadPoolExecutor(16)
+context = contextvars.copy_context()

-    return pool.submit(contextvars.copy_context().run, *task)
+    return pool.submit(context.copy().run, *task)
