# change of: solution
# feedback: un seul return_id | deux fois
-    event = {"type": "RETURN_REQUESTED", "return_id": f"retour-{body['order_id']}", **body}
+    import uuid
+
+    event = {"type": "RETURN_REQUESTED", "return_id": str(uuid.uuid4()), **body}
