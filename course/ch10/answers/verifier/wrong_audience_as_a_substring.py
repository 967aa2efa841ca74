# change of: solution
# feedback: orders-archive | est accepté
-        return jwt.decode(
+        claims = jwt.decode(

-            audience="orders",
-            issuer="auth",
-            options={"require": ["exp", "sub"]},
-        )
+            issuer="auth",
+            options={"require": ["exp", "sub", "aud"], "verify_aud": False},
+        )
+        if "orders" not in str(claims["aud"]):
+            raise jwt.InvalidAudienceError("not for us")
+        return claims
