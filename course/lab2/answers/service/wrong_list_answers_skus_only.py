# change of: right_abort
# feedback: Un article du catalogue | LAMP
# mistake: ne donne(nt) que les SKU
-    return {"products": list(catalogue.values())}
+    return {"products": [article for article in catalogue]}
