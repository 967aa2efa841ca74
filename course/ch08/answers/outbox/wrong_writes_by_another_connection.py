# change of: solution
# feedback: absente(s) de la base | kill -9
-    with transaction() as db:
-        db.execute("INSERT INTO orders VALUES (:id, :sku)", order)
-        db.execute("INSERT INTO outbox (event) VALUES (?)", [json.dumps(event)])
+    with transaction() as db:
+        with transaction() as box:
+            box.execute("INSERT INTO outbox (event) VALUES (?)", [json.dumps(event)])
+        db.execute("INSERT INTO orders VALUES (:id, :sku)", order)
