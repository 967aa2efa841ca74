# change of: solution
# feedback: est refusé | les mêmes commandes qu’avant
     sku, quantity = body.get("sku"), body.get("quantity")
+    save({"id": str(uuid.uuid4()), "sku": sku, "quantity": quantity})

-    order = {"id": str(uuid.uuid4()), **asked()}
-    save(order)
+    asked()
+    order = [json.loads(body) for (body,) in sql("SELECT body FROM orders ORDER BY rowid")][-1]
