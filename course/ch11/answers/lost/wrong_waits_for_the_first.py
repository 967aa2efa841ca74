# change of: solution
# feedback: n’a commencé qu’une fois
-    product = submit(ask, "products", f"/products/{sku}")
-    stock = submit(ask, "inventory", f"/stock/{sku}")
-    return {
-        "price_cents": product.result()["price_cents"],
-        "available": stock.result()["available"],
-    }
+    product = submit(ask, "products", f"/products/{sku}").result()
+    stock = submit(ask, "inventory", f"/stock/{sku}").result()
+    return {"price_cents": product["price_cents"], "available": stock["available"]}
