# change of: solution
# feedback: répond 404 | 422
-        abort({404: 422, 503: 503, 504: 504}.get(response.status_code, 502))
+        abort({503: 503, 504: 504, 404: 404}.get(response.status_code, 502))
