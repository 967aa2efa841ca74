# change of: solution
# feedback: l'un après un redémarrage | un seul return_id
-    event = {"type": "RETURN_REQUESTED", "return_id": f"retour-{body['order_id']}", **body}
+    name = f"retour-{hash(body['order_id'])}"
+    event = {"type": "RETURN_REQUESTED", "return_id": name, **body}
