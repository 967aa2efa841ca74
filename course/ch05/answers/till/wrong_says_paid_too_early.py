# change of: solution
# feedback: deux reçus | première réponse
-        return ({"receipt": receipt}, 201) if receipt else abort(409)
+        return {"receipt": receipt}, 201
