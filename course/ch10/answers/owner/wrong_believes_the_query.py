# change of: solution
# feedback: sans X-User-Id | réponse 200
-    if order is None or order["customer"] != customer():
+    if order is None or order["customer"] != request.args.get("customer", order["customer"]):
