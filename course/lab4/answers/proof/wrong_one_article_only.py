# change of: solution
# feedback: un seul article | le laisse passer
-        request = {"order_id": f"c-{n}", "sku": f"SKU-{n}", "quantity": n, "amount_cents": 500 * n}
+        request = {"order_id": f"c-{n}", "sku": f"SKU-{n}", "quantity": 1, "amount_cents": 500 * n}
