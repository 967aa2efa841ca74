# change of: solution
# feedback: status=2xx | status=200
-    DURATIONS.labels(request.method, route, response.status_code).observe(seconds)
+    DURATIONS.labels(request.method, route, f"{response.status_code // 100}xx").observe(seconds)
