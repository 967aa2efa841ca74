# change of: solution
# feedback: Sans clé | 400
# mistake: invente(nt) une clé quand il n’y en a pas
-    key = request.headers.get("Idempotency-Key") or abort(400)
+    key = request.headers.get("Idempotency-Key") or str(uuid.uuid4())
