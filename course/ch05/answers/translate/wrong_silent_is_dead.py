# change of: solution
# feedback: se tait | 504
# mistake: confond(ent) muet et mort
-        return 504, "Le service Utilisateurs n’a pas répondu à temps."
+        return 503, "Le service Utilisateurs n’a pas répondu à temps."
