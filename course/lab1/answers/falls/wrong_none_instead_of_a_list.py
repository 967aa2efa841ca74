# change of: solution
# feedback: une liste de textes
         "donnees": ["message"],
-        "emporte": [],
+        "emporte": None,
