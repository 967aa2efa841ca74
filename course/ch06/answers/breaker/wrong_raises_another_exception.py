# change of: solution
# feedback: RuntimeError
-            raise
+            raise RuntimeError("products a échoué")
