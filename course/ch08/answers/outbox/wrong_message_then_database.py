# change of: solution
# feedback: absente(s) de la base | kill -9
     event = {"type": "ORDER_CREATED", "order_id": order["id"]}
+    publish(event)
     with transaction() as db:
         db.execute("INSERT INTO orders VALUES (:id, :sku)", order)
-        db.execute("INSERT INTO outbox (event) VALUES (?)", [json.dumps(event)])
-    relay()
