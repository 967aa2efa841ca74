# change of: solution
# feedback: sans en-tête | débité deux fois
# mistake: envoie(nt) sans clé d’idempotence
-    headers = {"Idempotency-Key": str(uuid.uuid4())}
+    headers = {}
