# change of: solution
# feedback: nombre d’unités disponibles
# mistake: compte(nt) aussi les unités réservées
-    return response.json()["available"]
+    line = response.json()
+    return line["available"] + line["reserved"]
