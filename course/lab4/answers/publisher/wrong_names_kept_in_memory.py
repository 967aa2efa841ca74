# change of: solution
# feedback: Trois envois du même retour
-    event = {"type": "RETURN_REQUESTED", "return_id": f"retour-{body['order_id']}", **body}
+    import uuid
+
+    name = names.setdefault(body["order_id"], str(uuid.uuid4()))
+    event = {"type": "RETURN_REQUESTED", "return_id": name, **body}

     return {"return_id": event["return_id"]}, 202
+
+
+names = {}
