# change of: solution
# feedback: Jeton expiré | 401 | 403
-        return 401, 'Bearer error="invalid_token"'
+        return 403, 'Bearer error="invalid_token"'
