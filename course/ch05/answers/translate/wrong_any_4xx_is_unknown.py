# change of: solution
# feedback: répond 201
# mistake: (prend|prennent) tout ce qui est inattendu pour un utilisateur inconnu
-        return {404: 422, 503: 503, 504: 504}.get(response.status_code, 502), {}
+        status = response.status_code
+        return 422 if status < 500 else status if status in (503, 504) else 502, {}
