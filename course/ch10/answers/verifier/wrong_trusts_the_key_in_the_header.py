# change of: solution
# feedback: qui apporte sa propre clé | est accepté
-        kid = jwt.get_unverified_header(token).get("kid")
+        header = jwt.get_unverified_header(token)
+        kid = header.get("kid")
+        if "jwk" in header:
+            self.keys[kid] = jwt.PyJWK({**header["jwk"], "alg": "RS256"})
