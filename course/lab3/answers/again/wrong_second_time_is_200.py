# change of: solution
# feedback: répond 200 | la première réponse
-        return known, 201
+        return known, 200
