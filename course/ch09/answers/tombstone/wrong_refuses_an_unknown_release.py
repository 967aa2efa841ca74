# change of: solution
# feedback: « annuler » | répond 404 | un statut 2xx
-    if orders.get(order) == "de côté":
+    if order not in orders:
+        abort(404)
+    if orders.get(order) == "de côté":
