# change of: solution
# feedback: même moment | paierait deux fois
# mistake: débite(nt) avant d’avoir réservé la clé
-    try:
-        sql("INSERT INTO receipts (key) VALUES (?)", key)
+    known = sql("SELECT receipt FROM receipts WHERE key = ?", key)
+    if known:
+        return {"receipt": known[0][0]}, 201
+    try:
+        debit(request.get_json()["card"])
+    except OSError:
+        abort(503)
+    try:
+        sql("INSERT INTO receipts (key) VALUES (?)", key)

-    try:
-        debit(request.get_json()["card"])
-    except OSError:
-        sql("DELETE FROM receipts WHERE key = ?", key)
-        abort(503)
