# change of: solution
# feedback: La trace de GET /quotes | contient
-import os
+import os
+import time

-pool = ThreadPoolExecutor(16)
+pool = ThreadPoolExecutor(16)
+latest = []

-    return pool.submit(contextvars.copy_context().run, *task)
+    latest[:] = [contextvars.copy_context()]
+    return pool.submit(later, *task)
+
+
+def later(*task):
+    time.sleep(0.1)
+    return latest[0].copy().run(*task)

