# change of: solution
# feedback: 7980 + 7980
-    key = {"Idempotency-Key": event["return_id"]}
+    import uuid
+
+    key = {"Idempotency-Key": str(uuid.uuid4())}
