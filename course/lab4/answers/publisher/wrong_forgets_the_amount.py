# change of: solution
# feedback: amount_cents
-    event = {"type": "RETURN_REQUESTED", "return_id": f"retour-{body['order_id']}", **body}
+    body.pop("amount_cents")
+    event = {"type": "RETURN_REQUESTED", "return_id": f"retour-{body['order_id']}", **body}
