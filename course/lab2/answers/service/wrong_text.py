# change of: right_abort
# feedback: text/html | application/json
# mistake: répond(ent) du texte à la place de JSON
-    return {"products": list(catalogue.values())}
+    return str(list(catalogue.values()))
