# change of: solution
# feedback: coupe la connexion sans répondre
-        return 503
+        return 404
