# change of: solution
# feedback: plusieurs fois
-    if not db.execute("SELECT 1 FROM sent WHERE message_id = ?", note).fetchone():
-        send_mail(event)
-        db.execute("INSERT INTO sent VALUES (?)", note)
+    send_mail(event)
