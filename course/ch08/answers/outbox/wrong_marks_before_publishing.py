# change of: solution
# feedback: jamais annoncée | kill -9
-        publish(json.loads(event))
         with transaction() as db:
             db.execute("DELETE FROM outbox WHERE id = ?", [id])
+        publish(json.loads(event))
