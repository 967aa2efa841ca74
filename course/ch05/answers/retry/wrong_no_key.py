# change of: solution
# feedback: sans en-tête | débité deux fois
-    headers = {"Idempotency-Key": str(uuid.uuid4())}
+    headers = {}
