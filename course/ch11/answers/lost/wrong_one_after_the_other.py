# change of: solution
# feedback: n’a commencé qu’une fois | la somme
-    product = submit(ask, "products", f"/products/{sku}")
-    stock = submit(ask, "inventory", f"/stock/{sku}")
-    return {
-        "price_cents": product.result()["price_cents"],
-        "available": stock.result()["available"],
-    }
+    product = ask("products", f"/products/{sku}")
+    stock = ask("inventory", f"/stock/{sku}")
+    return {"price_cents": product["price_cents"], "available": stock["available"]}
