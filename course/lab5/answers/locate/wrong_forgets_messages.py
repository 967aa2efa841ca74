# change of: solution
# feedback: le lecteur de « notifications.orders » échoue
-    for span in filter(red, spans):
+    for span in (s for s in spans if red(s) and s["span_kind"] != "consumer"):
