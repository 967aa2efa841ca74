# change of: solution
# feedback: au redémarrage | événement(s) de plus
-        db.execute("INSERT INTO outbox (event) VALUES (?)", [json.dumps(event)])
-    relay()
+    publish(event)

-        waiting = db.execute("SELECT id, event FROM outbox ORDER BY id").fetchall()
-    for id, event in waiting:
-        publish(json.loads(event))
-        with transaction() as db:
-            db.execute("DELETE FROM outbox WHERE id = ?", [id])
+        known = db.execute("SELECT id FROM orders").fetchall()
+    for (id,) in known:
+        publish({"type": "ORDER_CREATED", "order_id": id})
