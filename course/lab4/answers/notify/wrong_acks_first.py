# change of: solution
# feedback: La panne fatale | oubliée
     note = [properties.message_id]
+    channel.basic_ack(method.delivery_tag)

-        db.execute("INSERT INTO sent VALUES (?)", note)
-    channel.basic_ack(method.delivery_tag)
+        db.execute("INSERT INTO sent VALUES (?)", note)
