# change of: solution
# feedback: chacune partie pendant la précédente
-    g.began = time.perf_counter()
+    reviews.setdefault("began", {})[request.path] = time.perf_counter()

-    seconds = time.perf_counter() - g.began
+    seconds = time.perf_counter() - reviews["began"][request.path]
