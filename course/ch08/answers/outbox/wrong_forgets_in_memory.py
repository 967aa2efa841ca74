# change of: solution
# feedback: au redémarrage | événement(s) de plus
-        publish(json.loads(event))
-        with transaction() as db:
-            db.execute("DELETE FROM outbox WHERE id = ?", [id])
+        if id not in told:
+            publish(json.loads(event))
+            told.add(id)

+told = set()
 relay()  # une vie précédente a pu laisser des événements
