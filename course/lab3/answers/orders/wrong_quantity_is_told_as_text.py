# change of: solution
# feedback: un id, et
-    return {"sku": sku, "quantity": quantity}
+    return {"sku": sku, "quantity": str(quantity)}
