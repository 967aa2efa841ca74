# change of: right_abort
# feedback: ne rend pas l’article | fiche
# mistake: (rend|rendent) toujours le même article
-    return catalogue[sku]
+    return catalogue["LAMP"]
