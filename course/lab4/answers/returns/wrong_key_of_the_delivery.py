# change of: solution
# feedback: remboursé
-    key = {"Idempotency-Key": event["return_id"]}
+    key = {"Idempotency-Key": f"{event['return_id']}-{os.getpid()}"}
