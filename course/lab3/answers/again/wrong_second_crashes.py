# change of: solution
# feedback: IntegrityError | au même moment
-    sql("INSERT OR IGNORE INTO orders VALUES (?, ?, ?)", order["id"], json.dumps(order), key)
+    sql("INSERT INTO orders VALUES (?, ?, ?)", order["id"], json.dumps(order), key)
