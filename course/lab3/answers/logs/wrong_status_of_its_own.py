# change of: solution
# feedback: la ligne dit
-        line = {"event": "order.refused", "request_id": g.request_id, "status": response.status_code}
+        line = {"event": "order.refused", "request_id": g.request_id, "status": "refusée"}

-            line |= {"event": "order.created", "order_id": response.get_json()["id"]}
+            line |= {"event": "order.created", "order_id": response.get_json()["id"], "status": 201}
