# change of: solution
# feedback: « inscrire un client » est chez
-        "donnees": ["adresse"],
+        "donnees": ["mot de passe"],

-        "donnees": ["message"],
+        "donnees": ["message", "adresse"],
