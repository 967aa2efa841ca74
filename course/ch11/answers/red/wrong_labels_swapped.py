# change of: solution
# feedback: method=/reviews/<sku> | method=GET route=/reviews/<sku>
-    DURATIONS.labels(request.method, route, response.status_code).observe(seconds)
+    DURATIONS.labels(route, request.method, response.status_code).observe(seconds)
