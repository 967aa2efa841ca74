# change of: solution
# feedback: Le message publié porte traceparent
-    outgoing = {"traceparent": f"00-{trace_id}-{span_id}-{flags}"}
+    outgoing = {"traceparent": f"00-{span_id}-{trace_id}-{flags}"}
