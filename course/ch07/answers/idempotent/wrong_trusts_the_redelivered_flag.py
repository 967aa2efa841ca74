# change of: right_insert_or_ignore
# feedback: Le doublon a sorti une lampe de trop
# mistake: se fi(e|ent) à la marque redelivered
-db.execute("CREATE TABLE IF NOT EXISTS inbox (message_id TEXT PRIMARY KEY)")

-    with transaction():
-        added = db.execute("INSERT OR IGNORE INTO inbox VALUES (?)", [properties.message_id])
-        if added.rowcount:
+    if not method.redelivered:
+        with transaction():
