# change of: solution
# feedback: même contenu | clé nouvelle
# mistake: (fait|font) la clé avec le contenu de la commande
-    headers = {"Idempotency-Key": str(uuid.uuid4())}
+    headers = {"Idempotency-Key": str(hash(str(order)))}
