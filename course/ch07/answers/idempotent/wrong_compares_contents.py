# change of: right_insert_or_ignore
# feedback: deux ventes identiques sont pourtant deux ventes
-        added = db.execute("INSERT OR IGNORE INTO inbox VALUES (?)", [properties.message_id])
+        added = db.execute("INSERT OR IGNORE INTO inbox VALUES (?)", [body])
