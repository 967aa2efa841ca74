# change of: solution
# feedback: La trace de GET /quotes/LAMP contient aucun appel servi
-    return pool.submit(contextvars.copy_context().run, *task)
+    return pool.submit(*task)
