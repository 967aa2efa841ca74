# change of: solution
# feedback: on remonte par | l’arbre est coupé
-    write_span(trace_id, span_id, parent_id, start)
+    write_span(trace_id, span_id, None, start)
