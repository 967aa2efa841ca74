# change of: right_abort
# feedback: Un article du catalogue | price_cents
-    return {"products": list(catalogue.values())}
+    return {"products": list(catalogue)}
