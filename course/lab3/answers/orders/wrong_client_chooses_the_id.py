# change of: solution
# feedback: un id que vous choisissez | celle d’un autre
-    sql("INSERT INTO orders (id, body) VALUES (?, ?)", order["id"], json.dumps(order))
+    sql("INSERT OR REPLACE INTO orders (id, body) VALUES (?, ?)", order["id"], json.dumps(order))

-    order = {"id": str(uuid.uuid4()), **asked()}
+    order = {"id": str(uuid.uuid4()), **request.get_json(), **asked()}
