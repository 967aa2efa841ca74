# change of: solution
# feedback: a levé une exception | remonte
# mistake: avale(nt) l’exception de l’appel
-            raise
+            return None
