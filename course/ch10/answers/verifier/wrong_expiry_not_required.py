# change of: solution
# feedback: sans date d’expiration | est accepté
-            options={"require": ["exp", "sub"]},
+            options={"require": ["sub"]},
