# change of: solution
# feedback: des entiers
-    order |= {"unit_price_cents": price, "total_cents": price * order["quantity"]}
+    order |= {"unit_price_cents": price, "total_cents": float(price * order["quantity"])}
