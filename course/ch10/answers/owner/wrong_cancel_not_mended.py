# change of: solution
# feedback: a annulé la commande de
-    del orders[show(id)["id"]]
+    customer()
+    if orders.pop(id, None) is None:
+        abort(404)
