# change of: solution
# feedback: une trace toute de zéros | une trace neuve
-    if not (trace_id.strip("0") and parent_id.strip("0")):
+    if not match:
