# change of: solution
# feedback: +6 | +3
-    DURATIONS.labels(request.method, route, response.status_code).observe(seconds)
+    DURATIONS.labels(request.method, route, response.status_code).observe(seconds)
+    DURATIONS.labels(request.method, route, response.status_code).observe(seconds)
