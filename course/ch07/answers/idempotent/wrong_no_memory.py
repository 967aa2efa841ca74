# change of: right_insert_or_ignore
# feedback: Le doublon a sorti une lampe de trop | 4 lampes
# mistake: ne reconna(ît|issent) aucun doublon
-db.execute("CREATE TABLE IF NOT EXISTS inbox (message_id TEXT PRIMARY KEY)")

-        added = db.execute("INSERT OR IGNORE INTO inbox VALUES (?)", [properties.message_id])
-        if added.rowcount:
-            take_lamp(json.loads(body))
+        take_lamp(json.loads(body))
