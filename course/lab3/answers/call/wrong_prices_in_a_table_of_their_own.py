# change of: solution
# feedback: le même article est commandé de nouveau | telle qu'elle a été prise
-    sql("INSERT INTO orders (id, body) VALUES (?, ?)", order["id"], json.dumps(order))
+    sql("INSERT INTO orders (id, body) VALUES (?, ?)", order["id"], json.dumps(order))
+    sql("INSERT OR REPLACE INTO prices VALUES (?, ?)", order["sku"], order["unit_price_cents"])

-def find(order_id):
+sql("CREATE TABLE IF NOT EXISTS prices (sku TEXT PRIMARY KEY, cents INTEGER)")
+
+
+def priced(body):
+    order = json.loads(body)
+    ((cents,),) = sql("SELECT cents FROM prices WHERE sku = ?", order["sku"])
+    return order | {"unit_price_cents": cents, "total_cents": cents * order["quantity"]}
+
+
+def find(order_id):

-    return json.loads(rows[0][0]) if rows else None
+    return priced(rows[0][0]) if rows else None

-    return {"orders": [json.loads(body) for (body,) in sql("SELECT body FROM orders")]}
+    return {"orders": [priced(body) for (body,) in sql("SELECT body FROM orders")]}
