# change of: right_abort
# feedback: ne rend pas l’article | product
# mistake: emballe(nt) l’article dans un autre objet
-    if sku not in catalogue:
+    article = catalogue.get(sku)
+    if article is None:

-    return catalogue[sku]
+    return {"product": article}
