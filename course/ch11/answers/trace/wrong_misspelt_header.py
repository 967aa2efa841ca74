# change of: solution
# feedback: Reçu : trace
-    outgoing = {"traceparent": f"00-{trace_id}-{span_id}-{flags}"}
+    outgoing = {"trace-parent": f"00-{trace_id}-{span_id}-{flags}"}
