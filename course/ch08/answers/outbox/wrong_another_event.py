# change of: solution
# feedback: jamais annoncée | La file a reçu
-    event = {"type": "ORDER_CREATED", "order_id": order["id"]}
+    event = {"type": "order.created", "data": order}
