# change of: solution
# feedback: status=200 OK | status=200
-    DURATIONS.labels(request.method, route, response.status_code).observe(seconds)
+    DURATIONS.labels(request.method, route, response.status).observe(seconds)
