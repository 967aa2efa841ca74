# change of: solution
# feedback: AttributeError
# mistake: plante(nt) sans en-tête
-    scheme, _, token = (authorization or "").partition(" ")
+    scheme, _, token = authorization.partition(" ")
