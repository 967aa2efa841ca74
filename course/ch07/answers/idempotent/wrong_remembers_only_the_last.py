# change of: right_insert_or_ignore
# feedback: Le doublon | 4 lampes
# mistake: ne retien(t|nent) que le dernier message
-db.execute("CREATE TABLE IF NOT EXISTS inbox (message_id TEXT PRIMARY KEY)")
+db.execute("CREATE TABLE IF NOT EXISTS last AS SELECT '' AS message_id")

-        added = db.execute("INSERT OR IGNORE INTO inbox VALUES (?)", [properties.message_id])
-        if added.rowcount:
+        (last,) = db.execute("SELECT message_id FROM last").fetchone()
+        if last != properties.message_id:
+            db.execute("UPDATE last SET message_id = ?", [properties.message_id])
