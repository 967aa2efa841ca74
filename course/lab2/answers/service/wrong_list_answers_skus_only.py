# change of: right_abort
# feedback: Un article du catalogue | LAMP
-    return {"products": list(catalogue.values())}
+    return {"products": [article for article in catalogue]}
