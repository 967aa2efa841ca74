# change of: solution
# feedback: d’un autre émetteur | est accepté
-            issuer="auth",
