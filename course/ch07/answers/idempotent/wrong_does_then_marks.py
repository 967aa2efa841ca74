# change of: right_insert_or_ignore
# feedback: votre worker tué | une seconde fois
# mistake: (sort|sortent) la lampe, puis note(nt) le message, en deux temps
-    with transaction():
-        added = db.execute("INSERT OR IGNORE INTO inbox VALUES (?)", [properties.message_id])
-        if added.rowcount:
-            take_lamp(json.loads(body))
+    known = db.execute("SELECT 1 FROM inbox WHERE message_id = ?", [properties.message_id])
+    if not known.fetchone():
+        take_lamp(json.loads(body))
+        db.execute("INSERT INTO inbox VALUES (?)", [properties.message_id])
