# change of: solution
# feedback: points | est mort | KeyError
-    match = TRACEPARENT.fullmatch(headers.get("traceparent", ""))
+    match = TRACEPARENT.fullmatch(headers["traceparent"])
