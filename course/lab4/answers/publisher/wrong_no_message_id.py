# change of: solution
# feedback: message_id=None
-        message_id=event["return_id"], delivery_mode=2, content_type="application/json"
+        delivery_mode=2, content_type="application/json"
