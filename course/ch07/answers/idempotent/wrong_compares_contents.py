# change of: right_insert_or_ignore
# feedback: deux ventes identiques sont pourtant deux ventes
# mistake: reconna(ît|issent) un doublon à son contenu
-        added = db.execute("INSERT OR IGNORE INTO inbox VALUES (?)", [properties.message_id])
+        added = db.execute("INSERT OR IGNORE INTO inbox VALUES (?)", [body])
