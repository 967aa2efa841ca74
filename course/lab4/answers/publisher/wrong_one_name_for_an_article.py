# change of: solution
# feedback: Le retour d’une autre commande
-    event = {"type": "RETURN_REQUESTED", "return_id": f"retour-{body['order_id']}", **body}
+    event = {"type": "RETURN_REQUESTED", "return_id": f"retour-{body['sku']}", **body}
