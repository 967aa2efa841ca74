# change of: solution
# feedback: deux envois sans clé | 4 commandes
-    key = request.headers.get("Idempotency-Key")
+    key = request.headers.get("Idempotency-Key", "")
