# change of: solution
# feedback: d'un montant en texte
-        assert wanted.items() <= json.loads(body).items(), "il dit autre chose"
+        told = {name: str(value) for name, value in json.loads(body).items()}
+        assert {name: str(value) for name, value in wanted.items()}.items() <= told.items()
