# change of: solution
# feedback: Products répond 404 | 422
-    if response.status_code != 200:
-        abort({404: 422, 503: 503, 504: 504}.get(response.status_code, 502))
