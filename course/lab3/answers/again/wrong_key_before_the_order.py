# change of: solution
# feedback: kill -9 | Le client ne pourrait plus jamais
+sql("CREATE TABLE IF NOT EXISTS taken (key TEXT PRIMARY KEY)")
+
+
 def save(order, key):

+    if key:
+        try:
+            sql("INSERT INTO taken VALUES (?)", key)
+        except sqlite3.IntegrityError:
+            abort(409)
-    sql("INSERT OR IGNORE INTO orders VALUES (?, ?, ?)", order["id"], json.dumps(order), key)
+    sql("INSERT INTO orders VALUES (?, ?, ?)", order["id"], json.dumps(order), key)
