# change of: solution
# feedback: /report a répondu | les secondes de cette requête-là
-    seconds = time.perf_counter() - g.began
+    seconds = 1000 * (time.perf_counter() - g.began)
