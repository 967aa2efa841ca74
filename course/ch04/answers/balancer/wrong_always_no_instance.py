# change of: solution
# feedback: NoInstance | sa requête a pu être reçue
-        raise error
+        raise NoInstance
