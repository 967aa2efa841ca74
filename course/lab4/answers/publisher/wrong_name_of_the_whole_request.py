# change of: solution
# feedback: d’abord pour 2 articles | ne dépend que de order_id
-import os
+import os
+import uuid

-    event = {"type": "RETURN_REQUESTED", "return_id": f"retour-{body['order_id']}", **body}
+    name = str(uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(body, sort_keys=True)))
+    event = {"type": "RETURN_REQUESTED", "return_id": name, **body}
