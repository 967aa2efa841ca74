# change of: solution
# feedback: deux reçus | première réponse
# mistake: (répond|répondent) avant que le paiement soit fini
-        return ({"receipt": receipt}, 201) if receipt else abort(409)
+        return {"receipt": receipt}, 201
