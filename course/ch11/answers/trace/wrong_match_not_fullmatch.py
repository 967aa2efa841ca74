# change of: solution
# feedback: suivi d’autre chose | une trace neuve
-    match = TRACEPARENT.fullmatch(headers.get("traceparent", ""))
+    match = TRACEPARENT.match(headers.get("traceparent", ""))
