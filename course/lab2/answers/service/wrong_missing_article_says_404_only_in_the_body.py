# change of: right_abort
# feedback: répond 200 | 404 Not Found
# mistake: répond(ent) 200 pour un article inconnu
-from flask import Flask, abort
+from flask import Flask

-    if sku not in catalogue:
-        abort(404)
-    return catalogue[sku]
+    try:
+        return catalogue[sku]
+    except KeyError:
+        return {"status": 404, "error": f"Article {sku} introuvable"}
