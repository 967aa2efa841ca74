# change of: solution
# feedback: En-tête None | invalid_token
# mistake: (prend|prennent) l’absence de jeton pour un jeton faux
-        return 401, "Bearer"
+        return 401, 'Bearer error="invalid_token"'
