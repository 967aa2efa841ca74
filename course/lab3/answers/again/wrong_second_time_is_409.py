# change of: solution
# feedback: la première réponse
-        return known, 201
+        abort(409, f"Cette clé a déjà servi : {known['id']}.")
