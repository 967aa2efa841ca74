# change of: solution
# feedback: nomme le segment | aucun segment
-    write_span(trace_id, span_id, parent_id, start)

