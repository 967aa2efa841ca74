# change of: solution
# feedback: NoInstance | sa requête a pu être reçue
# mistake: (rend|rendent) toujours NoInstance
-        raise error
+        raise NoInstance
