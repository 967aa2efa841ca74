# change of: solution
# feedback: GET /reviews/ABSENT | rien de plus | tableau de bord
-    DURATIONS.labels(request.method, route, response.status_code).observe(seconds)
+    if response.status_code < 400:
+        DURATIONS.labels(request.method, route, response.status_code).observe(seconds)
