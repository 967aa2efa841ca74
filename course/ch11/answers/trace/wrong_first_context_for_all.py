# change of: solution
# feedback: Reçu : trace | la même trace
-def on_message(channel, headers, order):
+context = {}
+
+
+def on_message(channel, headers, order):

-    match = TRACEPARENT.fullmatch(headers.get("traceparent", ""))
+    match = TRACEPARENT.fullmatch(headers.get("traceparent", ""))
+    match = context.setdefault("last", match) if match else match
