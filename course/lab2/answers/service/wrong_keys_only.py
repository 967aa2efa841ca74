# change of: right_abort
# feedback: Un article du catalogue | price_cents
# mistake: ne donne(nt) que les SKU
-    return {"products": list(catalogue.values())}
+    return {"products": list(catalogue)}
