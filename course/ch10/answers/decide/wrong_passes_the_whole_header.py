# change of: solution
# feedback: droit demandé | (200, None)
-        claims = verify(token)
+        claims = verify(authorization)
