# change of: solution
# feedback: prix de son choix | un autre prix
-    price = price_of(order["sku"])
+    body = request.get_json()
+    price = body["unit_price_cents"] if "unit_price_cents" in body else price_of(order["sku"])
