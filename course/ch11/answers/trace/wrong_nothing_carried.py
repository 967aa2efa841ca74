# change of: solution
# feedback: Reçu : trace | la même trace
-    outgoing = {"traceparent": f"00-{trace_id}-{span_id}-{flags}"}
+    outgoing = {}
