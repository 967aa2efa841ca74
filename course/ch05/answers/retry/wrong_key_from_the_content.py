# change of: solution
# feedback: même contenu | clé nouvelle
-    headers = {"Idempotency-Key": str(uuid.uuid4())}
+    headers = {"Idempotency-Key": str(hash(str(order)))}
