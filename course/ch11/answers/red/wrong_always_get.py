# change of: solution
# feedback: POST /reviews/LAMP | method=GET
-    DURATIONS.labels(request.method, route, response.status_code).observe(seconds)
+    DURATIONS.labels("GET", route, response.status_code).observe(seconds)
