# change of: solution
# feedback: null | 502
# mistake: se contente(nt) d’un champ présent, même vide
-        well_formed = isinstance(user["id"], str) and isinstance(user["name"], str)
+        well_formed = "id" in user and "name" in user
