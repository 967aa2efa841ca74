# change of: solution
# feedback: GET /orders la donne pourtant
     order = {"id": str(uuid.uuid4()), **asked()}
+    save(order)

-    save(order)
+    sql("UPDATE orders SET body = ? WHERE id = ?", json.dumps(order), order["id"])
