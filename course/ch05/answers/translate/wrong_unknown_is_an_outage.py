# change of: solution
# feedback: répond 404 | 422
# mistake: (prend|prennent) un utilisateur inconnu pour une panne
-        return {404: 422, 503: 503, 504: 504}.get(response.status_code, 502), {}
+        return {503: 503, 504: 504}.get(response.status_code, 502), {}
