# change of: solution
# feedback: Dix fois une réponse 201
# mistake: n’accepte(nt) que le statut 200
-        if call["status"] is None or call["status"] >= 500 or call["seconds"] > 1
+        if call["status"] != 200 or call["seconds"] > 1
