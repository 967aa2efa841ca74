# change of: solution
# feedback: contient aucun appel servi
-    return pool.submit(contextvars.copy_context().run, *task)
+    return pool.submit(lambda: contextvars.copy_context().run(*task))
