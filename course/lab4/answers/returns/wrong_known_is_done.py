# change of: solution
# feedback: La panne fatale | annoncé, jamais
-    with transaction():
-        added = db.execute("INSERT OR IGNORE INTO inbox VALUES (?)", [properties.message_id])
-        if added.rowcount:
-            put_back(event)
-    announce(channel, event)
+    with transaction():
+        added = db.execute("INSERT OR IGNORE INTO inbox VALUES (?)", [properties.message_id])
+        if added.rowcount:
+            put_back(event)
+    if added.rowcount:
+        announce(channel, event)
