# change of: solution
# feedback: porte rien
-    response.headers["X-Request-Id"] = g.request_id
+    if response.status_code == 201:
+        response.headers["X-Request-Id"] = g.request_id
