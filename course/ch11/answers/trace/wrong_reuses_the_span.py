# change of: solution
# feedback: celui que vous avez reçu | un segment neuf
-    outgoing = {"traceparent": f"00-{trace_id}-{span_id}-{flags}"}
+    span_id = parent_id or span_id
+    outgoing = {"traceparent": f"00-{trace_id}-{span_id}-{flags}"}
