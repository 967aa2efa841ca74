# change of: solution
# feedback: telle qu’elle a été prise
-    return find(order_id) or abort(404, f"La commande {order_id} n’existe pas.")
+    order = find(order_id) or abort(404)
+    price = price_of(order["sku"])
+    return order | {"unit_price_cents": price, "total_cents": price * order["quantity"]}
