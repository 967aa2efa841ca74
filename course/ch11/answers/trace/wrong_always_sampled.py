# change of: solution
# feedback: drapeau 00, publié avec 01
-    outgoing = {"traceparent": f"00-{trace_id}-{span_id}-{flags}"}
+    outgoing = {"traceparent": f"00-{trace_id}-{span_id}-01"}
