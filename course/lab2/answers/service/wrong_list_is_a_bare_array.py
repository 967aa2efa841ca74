# change of: right_abort
# feedback: liste des articles | products
# mistake: répond(ent) un tableau nu
-from flask import Flask, abort
+from flask import Flask, abort, jsonify

-    return {"products": list(catalogue.values())}
+    return jsonify(list(catalogue.values()))
