# change of: solution
# feedback: cannot enter context | ni le prix ni le stock
-    return pool.submit(contextvars.copy_context().run, *task)
+    return pool.submit(task[0].run, *task[1:])

-    product = submit(ask, "products", f"/products/{sku}")
-    stock = submit(ask, "inventory", f"/stock/{sku}")
+    context = contextvars.copy_context()
+    product = submit(context, ask, "products", f"/products/{sku}")
+    stock = submit(context, ask, "inventory", f"/stock/{sku}")
