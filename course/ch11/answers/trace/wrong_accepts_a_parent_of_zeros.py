# change of: solution
# feedback: un parent tout de zéros | une trace neuve
-    if not (trace_id.strip("0") and parent_id.strip("0")):
+    if not trace_id.strip("0"):
