# change of: solution
# feedback: /report a répondu | les secondes de cette requête
-    g.began = time.perf_counter()
+    g.began = time.process_time()

-    seconds = time.perf_counter() - g.began
+    seconds = time.process_time() - g.began
