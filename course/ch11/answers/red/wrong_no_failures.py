# change of: solution
# feedback: GET /reviews/MUG/mean | rien de plus
-    DURATIONS.labels(request.method, route, response.status_code).observe(seconds)
+    if response.status_code < 500:
+        DURATIONS.labels(request.method, route, response.status_code).observe(seconds)
