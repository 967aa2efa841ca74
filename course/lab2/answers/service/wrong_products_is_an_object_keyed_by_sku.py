# change of: right_abort
# feedback: liste des articles
# mistake: donne(nt) un objet à la place de la liste
-    return {"products": list(catalogue.values())}
+    return {"products": catalogue}
