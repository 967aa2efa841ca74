# change of: solution
# feedback: Reçu sans x-correlation-id | pas le sien
-    outgoing = {"traceparent": f"00-{trace_id}-{span_id}-{flags}"}
-    if "x-correlation-id" in headers:
-        outgoing["x-correlation-id"] = headers["x-correlation-id"]
-    publish(channel, event, outgoing)
+    SENT["traceparent"] = f"00-{trace_id}-{span_id}-{flags}"
+    if "x-correlation-id" in headers:
+        SENT["x-correlation-id"] = headers["x-correlation-id"]
+    publish(channel, event, SENT)

-def main():
+SENT = {}
+
+
+def main():
