# change of: solution
# feedback: expiré depuis deux minutes | est accepté
-            issuer="auth",
+            issuer="auth",
+            leeway=600,
