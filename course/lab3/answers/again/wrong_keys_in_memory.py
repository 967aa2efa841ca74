# change of: solution
# feedback: tué | 2 commande(s) | La panne fatale
-def find_by_key(key):
-    """La commande prise sous cette clé, ou None."""
-    rows = sql("SELECT body FROM orders WHERE key = ?", key)
-    return json.loads(rows[0][0]) if rows else None
+keys = {}
+
+
+def find_by_key(key):
+    return keys.get(key)

-    sql("INSERT OR IGNORE INTO orders VALUES (?, ?, ?)", order["id"], json.dumps(order), key)
-    return find_by_key(key) or order
+    if key:
+        order = keys.setdefault(key, order)
+    sql("INSERT OR IGNORE INTO orders (id, body) VALUES (?, ?)", order["id"], json.dumps(order))
+    return order
