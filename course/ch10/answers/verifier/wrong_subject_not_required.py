# change of: solution
# feedback: sans sujet | est accepté
-            options={"require": ["exp", "sub"]},
+            options={"require": ["exp"]},
