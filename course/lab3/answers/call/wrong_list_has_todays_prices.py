# change of: solution
# feedback: GET /orders donne, de cette commande | une fois
-    return {"orders": [json.loads(body) for (body,) in sql("SELECT body FROM orders")]}
+    orders = [json.loads(body) for (body,) in sql("SELECT body FROM orders")]
+    for order in orders:
+        try:
+            order["unit_price_cents"] = price_of(order["sku"])
+        except KeyError:
+            continue
+        order["total_cents"] = order["unit_price_cents"] * order["quantity"]
+    return {"orders": orders}
