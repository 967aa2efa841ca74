# change of: solution
# feedback: Deux clés | 2
# mistake: (prend|prennent) la carte pour la clé
-    key = request.headers.get("Idempotency-Key") or abort(400)
+    request.headers.get("Idempotency-Key") or abort(400)
+    key = request.get_json()["card"]
