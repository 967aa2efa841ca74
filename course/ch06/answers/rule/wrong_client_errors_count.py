# change of: solution
# feedback: Dix fois un refus 404 | circuit s’ouvre
# mistake: compte(nt) les erreurs du client
-        if call["status"] is None or call["status"] >= 500 or call["seconds"] > 1
+        if call["status"] is None or call["status"] >= 400 or call["seconds"] > 1
