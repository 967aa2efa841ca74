# change of: solution
# feedback: 4 commandes
-    key = request.headers.get("Idempotency-Key")
+    key = asked()["sku"]
