# change of: solution
# feedback: un id à chacune | la commande d’un autre
-    sql("INSERT INTO orders (id, body) VALUES (?, ?)", order["id"], json.dumps(order))
+    sql("INSERT INTO orders (id, body) VALUES (?, ?)", str(uuid.uuid4()), json.dumps(order))

-    order = {"id": str(uuid.uuid4()), **asked()}
+    order = {"id": 1, **asked()}
