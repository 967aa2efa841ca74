# change of: solution
# feedback: renvoie True | ancien
-                return False
+                return True
