# change of: solution
# feedback: plus tard | deux reçus
# mistake: (fait|font) un nouveau reçu pour la même clé
-        return ({"receipt": receipt}, 201) if receipt else abort(409)
+        return ({"receipt": str(uuid.uuid4())}, 201) if receipt else abort(409)
