# change of: solution
# feedback: 200 en 1,2 s | reste fermé
-        if call["status"] is None or call["status"] >= 500 or call["seconds"] > 1
+        if call["status"] is None or call["status"] >= 500
