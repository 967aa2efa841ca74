# change of: solution
# feedback: annoncées plusieurs fois
-        publish(json.loads(event))
-        with transaction() as db:
-            db.execute("DELETE FROM outbox WHERE id = ?", [id])
+        publish(json.loads(event))
