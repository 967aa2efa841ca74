# change of: right_abort
# feedback: text/html | application/json
-    return {"products": list(catalogue.values())}
+    return str(list(catalogue.values()))
