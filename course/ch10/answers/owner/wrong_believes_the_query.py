# change of: solution
# feedback: demande la commande de | réponse 200
-    if order is None or order["customer"] != name:
+    if order is None or order["customer"] != request.args.get("customer", order["customer"]):
