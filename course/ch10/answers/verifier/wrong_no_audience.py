# change of: solution
# feedback: destiné à payments | est accepté
-            audience="orders",
-            issuer="auth",
-            options={"require": ["exp", "sub"]},
+            issuer="auth",
+            options={"require": ["exp", "sub"], "verify_aud": False},
