# change of: solution
# feedback: /products/LAMP, /products/LAMP | une fois chacun
-    product = submit(ask, "products", f"/products/{sku}")
+    submit(ask, "products", f"/products/{sku}")
+    product = submit(ask, "products", f"/products/{sku}")
