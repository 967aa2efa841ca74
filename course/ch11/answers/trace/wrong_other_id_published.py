# change of: solution
# feedback: nomme le segment
-    outgoing = {"traceparent": f"00-{trace_id}-{span_id}-{flags}"}
+    outgoing = {"traceparent": f"00-{trace_id}-{secrets.token_hex(8)}-{flags}"}
