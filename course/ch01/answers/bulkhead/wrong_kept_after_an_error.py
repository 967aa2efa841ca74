# change of: solution
# feedback: a répondu 500 | exactement 2
-    try:
-        yield
-    finally:
-        free[part].release()
+    yield
+    free[part].release()
