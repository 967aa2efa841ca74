# change of: solution
# feedback: jamais annoncée | kill -9
         db.execute("INSERT INTO orders VALUES (:id, :sku)", order)
+    with transaction() as db:
         db.execute("INSERT INTO outbox (event) VALUES (?)", [json.dumps(event)])
