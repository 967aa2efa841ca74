# change of: solution
# feedback: RuntimeError
# mistake: remplace(nt) l’exception de l’appel par une autre
-            raise
+            raise RuntimeError("products a échoué")
