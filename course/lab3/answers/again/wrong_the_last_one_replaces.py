# change of: solution
# feedback: la même commande dans chaque réponse 201
-    sql("INSERT OR IGNORE INTO orders VALUES (?, ?, ?)", order["id"], json.dumps(order), key)
-    return find_by_key(key) or order
+    sql("INSERT OR REPLACE INTO orders VALUES (?, ?, ?)", order["id"], json.dumps(order), key)
+    return order
