# change of: solution
# feedback: delivery_mode
-        message_id=event["return_id"], delivery_mode=2, content_type="application/json"
+        message_id=event["return_id"], content_type="application/json"
