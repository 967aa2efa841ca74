# change of: solution
# feedback: La carte du client
-        line = {"event": "order.refused", "request_id": g.request_id, "status": response.status_code}
+        line = {"event": "order.refused", "request_id": g.request_id, "body": request.get_json()}
+        line["status"] = response.status_code
