# change of: solution
# feedback: nombre d’unités disponibles
-    return response.json()["available"]
+    line = response.json()
+    return line["available"] + line["reserved"]
