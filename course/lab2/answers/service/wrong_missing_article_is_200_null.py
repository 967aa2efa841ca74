# change of: right_abort
# feedback: répond 200 | 404 Not Found
# mistake: répond(ent) 200 pour un article inconnu
-from flask import Flask, abort
+from flask import Flask, jsonify

-    if sku not in catalogue:
-        abort(404)
-    return catalogue[sku]
+    return jsonify(catalogue.get(sku))
