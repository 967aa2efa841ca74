# change of: solution
# feedback: le client en veut 3
-    order |= {"unit_price_cents": price, "total_cents": price * order["quantity"]}
+    order |= {"unit_price_cents": price, "total_cents": price}
