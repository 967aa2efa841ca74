# change of: solution
# feedback: En-tête None | invalid_token
-        return 401, "Bearer"
+        return 401, 'Bearer error="invalid_token"'
