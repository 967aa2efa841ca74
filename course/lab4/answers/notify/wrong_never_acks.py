# change of: solution
# feedback: revenus en file
-        db.execute("INSERT INTO sent VALUES (?)", note)
-    channel.basic_ack(method.delivery_tag)
+        db.execute("INSERT INTO sent VALUES (?)", note)

-    channel.basic_qos(prefetch_count=1)
