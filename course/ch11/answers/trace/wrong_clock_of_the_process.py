# change of: solution
# feedback: time.time() rend maintenant
-    start, span_id = time.time(), secrets.token_hex(8)
+    start, span_id = time.perf_counter(), secrets.token_hex(8)
