# change of: solution
# feedback: tué | 2 commande(s) | La panne fatale | Pour la revoir
-    sql("INSERT OR IGNORE INTO orders VALUES (?, ?, ?)", order["id"], json.dumps(order), key)
-    return find_by_key(key) or order
+    sql("INSERT INTO orders (id, body) VALUES (?, ?)", order["id"], json.dumps(order))
+    try:
+        sql("UPDATE orders SET key = ? WHERE id = ?", key, order["id"])
+    except sqlite3.IntegrityError:
+        sql("DELETE FROM orders WHERE id = ?", order["id"])
+        return find_by_key(key)
+    return order
