# change of: solution
# feedback: Deux clés | 2
-    key = request.headers.get("Idempotency-Key") or abort(400)
+    request.headers.get("Idempotency-Key") or abort(400)
+    key = request.get_json()["card"]
