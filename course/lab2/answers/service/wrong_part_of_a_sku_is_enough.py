# change of: right_abort
# feedback: GET /products/LAM répond 200 | 404
# mistake: se contente(nt) d’un morceau de SKU
-    if sku not in catalogue:
-        abort(404)
-    return catalogue[sku]
+    for article in catalogue.values():
+        if sku in article["sku"]:
+            return article
+    abort(404)
