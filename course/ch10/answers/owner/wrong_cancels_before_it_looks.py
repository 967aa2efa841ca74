# change of: solution
# feedback: a annulé la commande de
-    del orders[show(id)["id"]]
+    order = orders.pop(id, None)
+    if order is None or order["customer"] != customer():
+        abort(404)
