# change of: solution
# feedback: le prix d’aujourd’hui
-def price_of(sku):
+prices = {}
+
+
+def price_of(sku):

-    return response.json()["price_cents"]
+    return prices.setdefault(sku, response.json()["price_cents"])
