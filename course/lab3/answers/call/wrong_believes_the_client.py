# change of: solution
# feedback: le client en veut 2 | un autre prix
-    price = price_of(order["sku"])
+    body = request.get_json()
+    price = body["unit_price_cents"] if "unit_price_cents" in body else price_of(order["sku"])
