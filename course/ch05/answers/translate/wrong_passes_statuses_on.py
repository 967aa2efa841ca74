# change of: solution
# feedback: répond 404 | 422
# mistake: (rend|rendent) tel quel le statut de l’autre service
-        return {404: 422, 503: 503, 504: 504}.get(response.status_code, 502), {}
+        return response.status_code, {}
