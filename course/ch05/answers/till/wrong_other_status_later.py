# change of: solution
# feedback: plus tard | 200
# mistake: répond(ent) un autre statut la seconde fois
-        return ({"receipt": receipt}, 201) if receipt else abort(409)
+        return ({"receipt": receipt}, 200) if receipt else abort(409)
