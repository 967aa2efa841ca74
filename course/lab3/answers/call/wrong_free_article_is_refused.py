# change of: solution
# feedback: répond 422 | 201
     price = price_of(order["sku"])
+    if not price:
+        abort(422, "Cet article n’a pas de prix.")
