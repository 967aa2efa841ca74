# change of: solution
# feedback: HS256 | TypeError
-            self.keys[kid],
-            algorithms=["RS256"],
+            self.keys[kid].key,
+            algorithms=[jwt.get_unverified_header(token)["alg"]],
