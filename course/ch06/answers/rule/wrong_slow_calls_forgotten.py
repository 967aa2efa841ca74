# change of: solution
# feedback: 200 en 1,2 s | reste fermé
# mistake: oublie(nt) les appels lents
-        if call["status"] is None or call["status"] >= 500 or call["seconds"] > 1
+        if call["status"] is None or call["status"] >= 500
