# change of: right_abort
# feedback: catalogue vide
# mistake: (rend|rendent) une liste vide
-    return {"products": list(catalogue.values())}
+    return {"products": []}
