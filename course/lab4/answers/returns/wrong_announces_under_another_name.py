# change of: solution
# feedback: annoncé
-        message_id=f"{event['return_id']}-completed", delivery_mode=2
+        message_id=event["return_id"], delivery_mode=2
