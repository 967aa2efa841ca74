# change of: solution
# feedback: Erreur dans votre code | NoneType
-    return response
+    return None
