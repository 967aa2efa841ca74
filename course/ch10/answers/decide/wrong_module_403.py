# change of: solution
# feedback: Jeton expiré | 401 | 403
# mistake: répond(ent) 403 à un jeton faux
-        return 401, 'Bearer error="invalid_token"'
+        return 403, 'Bearer error="invalid_token"'
