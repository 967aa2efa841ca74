# change of: solution
# feedback: 2 lettre(s) sur 4
-    note = [properties.message_id]
+    note = [event["return_id"]]
