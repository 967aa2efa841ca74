# change of: solution
# feedback: returns.dead | en stock
     try:
         event = json.loads(body)
+        with transaction():
+            added = db.execute("INSERT OR IGNORE INTO inbox VALUES (?)", [properties.message_id])
+            if added.rowcount:
+                put_back(event)

-    with transaction():
-        added = db.execute("INSERT OR IGNORE INTO inbox VALUES (?)", [properties.message_id])
-        if added.rowcount:
-            put_back(event)
