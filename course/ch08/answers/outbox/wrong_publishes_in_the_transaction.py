# change of: solution
# feedback: absente(s) de la base | kill -9
-        db.execute("INSERT INTO outbox (event) VALUES (?)", [json.dumps(event)])
-    relay()
+        publish(event)
