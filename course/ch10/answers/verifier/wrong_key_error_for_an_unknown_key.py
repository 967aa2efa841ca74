# change of: solution
# feedback: KeyError | exception de PyJWT
-        if kid not in self.keys:
-            raise jwt.InvalidTokenError("clé inconnue")
+        self.keys[kid]
