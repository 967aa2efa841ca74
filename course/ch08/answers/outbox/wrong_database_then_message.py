# change of: solution
# feedback: jamais annoncée | kill -9
-        db.execute("INSERT INTO outbox (event) VALUES (?)", [json.dumps(event)])
-    relay()
+    publish(event)
