# change of: solution
# feedback: points | est mort
-    match = TRACEPARENT.fullmatch(headers.get("traceparent", ""))
-    trace_id, parent_id, flags = match.groups() if match else ("", "", "")
+    received = headers.get("traceparent") or f"00-{32 * '0'}-{16 * '0'}-01"
+    _, trace_id, parent_id, flags = received.split("-")
