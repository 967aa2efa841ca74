# change of: solution
# feedback: on remonte par | un segment sans parent
-    if not (trace_id.strip("0") and parent_id.strip("0")):
-        trace_id, parent_id, flags = secrets.token_hex(16), None, "01"
+    if not trace_id.strip("0"):
+        trace_id, flags = secrets.token_hex(16), "01"
+    if not parent_id.strip("0"):
+        parent_id = None
