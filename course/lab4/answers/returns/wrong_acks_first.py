# change of: solution
# feedback: La panne fatale
-    with transaction():
-        added = db.execute("INSERT OR IGNORE INTO inbox VALUES (?)", [properties.message_id])
+    channel.basic_ack(method.delivery_tag)
+    with transaction():
+        added = db.execute("INSERT OR IGNORE INTO inbox VALUES (?)", [properties.message_id])

-    announce(channel, event)
-    channel.basic_ack(method.delivery_tag)
+    announce(channel, event)
