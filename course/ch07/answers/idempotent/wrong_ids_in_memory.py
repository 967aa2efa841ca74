# change of: right_insert_or_ignore
# feedback: a oublié ce qu’il avait fait
# mistake: garde(nt) les identifiants en mémoire
-db.execute("CREATE TABLE IF NOT EXISTS inbox (message_id TEXT PRIMARY KEY)")
+seen = set()

-    with transaction():
-        added = db.execute("INSERT OR IGNORE INTO inbox VALUES (?)", [properties.message_id])
-        if added.rowcount:
+    if properties.message_id not in seen:
+        with transaction():
             take_lamp(json.loads(body))
+        seen.add(properties.message_id)
