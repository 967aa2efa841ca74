# change of: solution
# feedback: a lu 2 fois | une seule lecture
-    price = price_of(order["sku"])
-    order |= {"unit_price_cents": price, "total_cents": price * order["quantity"]}
+    order["unit_price_cents"] = price_of(order["sku"])
+    order["total_cents"] = price_of(order["sku"]) * order["quantity"]
