# change of: solution
# feedback: TypeError | NoneType
# mistake: compare(nt) un statut absent à un nombre
-        if call["status"] is None or call["status"] >= 500 or call["seconds"] > 1
+        if call["status"] >= 500 or call["seconds"] > 1
