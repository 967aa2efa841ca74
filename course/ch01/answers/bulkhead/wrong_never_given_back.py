# change of: solution
# feedback: 503 à un client seul | places libres
-    try:
-        yield
-    finally:
-        free[part].release()
+    yield
