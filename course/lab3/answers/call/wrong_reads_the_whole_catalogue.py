# change of: solution
# feedback: 500 | 201
-    response = requests.get(f"{products_url()}/products/{quote(sku, safe='')}", timeout=1)
-    return response.json()["price_cents"]
+    products = requests.get(f"{products_url()}/products", timeout=1).json()["products"]
+    return next(product["price_cents"] for product in products if product["sku"] == sku)
