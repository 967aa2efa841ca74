# change of: solution
# feedback: la première réponse
-        return known, 201
+        price = price_of(known["sku"])
+        total = price * known["quantity"]
+        return known | {"unit_price_cents": price, "total_cents": total}, 201
