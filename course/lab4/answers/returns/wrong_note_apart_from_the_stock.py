# change of: solution
# feedback: La panne fatale | remis en stock
-    with transaction():
-        added = db.execute("INSERT OR IGNORE INTO inbox VALUES (?)", [properties.message_id])
-        if added.rowcount:
-            put_back(event)
+    added = db.execute("INSERT OR IGNORE INTO inbox VALUES (?)", [properties.message_id])
+    if added.rowcount:
+        put_back(event)
