# change of: solution
# feedback: contient /products/LAMP | une fois chacun
-    stock = submit(ask, "inventory", f"/stock/{sku}")
+    stock = pool.submit(ask, "inventory", f"/stock/{sku}")
