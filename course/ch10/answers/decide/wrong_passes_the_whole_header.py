# change of: solution
# feedback: droit demandé | (200, None)
# mistake: vérifie(nt) tout l’en-tête à la place du jeton
-        claims = verify(token)
+        claims = verify(authorization)
