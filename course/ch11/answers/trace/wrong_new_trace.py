# change of: solution
# feedback: la même trace | une autre histoire
-    if not (trace_id.strip("0") and parent_id.strip("0")):
-        trace_id, parent_id, flags = secrets.token_hex(16), None, "01"
+    trace_id, parent_id, flags = secrets.token_hex(16), None, "01"
