# change of: solution
# feedback: jamais annoncée | kill -9
-        db.execute("INSERT INTO outbox (event) VALUES (?)", [json.dumps(event)])
-    relay()
+    waiting.append(event)
+    relay()

-    with transaction() as db:
-        waiting = db.execute("SELECT id, event FROM outbox ORDER BY id").fetchall()
-    for id, event in waiting:
-        publish(json.loads(event))
-        with transaction() as db:
-            db.execute("DELETE FROM outbox WHERE id = ?", [id])
+    while waiting:
+        publish(waiting[0])
+        waiting.pop(0)

+waiting = []
 relay()  # une vie précédente a pu laisser des événements
