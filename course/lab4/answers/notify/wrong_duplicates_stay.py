# change of: solution
# feedback: message(s) sont revenus
-        db.execute("INSERT INTO sent VALUES (?)", note)
-    channel.basic_ack(method.delivery_tag)
+        db.execute("INSERT INTO sent VALUES (?)", note)
+        channel.basic_ack(method.delivery_tag)

-    channel.basic_qos(prefetch_count=1)
