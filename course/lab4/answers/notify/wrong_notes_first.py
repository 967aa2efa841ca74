# change of: solution
# feedback: La panne fatale | une lettre manque
-        send_mail(event)
-        db.execute("INSERT INTO sent VALUES (?)", note)
+        db.execute("INSERT INTO sent VALUES (?)", note)
+        send_mail(event)
