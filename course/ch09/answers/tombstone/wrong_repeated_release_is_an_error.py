# change of: solution
# feedback: répond 410 | un statut 2xx
-    if orders.get(order) == "de côté":
+    if orders.get(order) == "annulée":
+        abort(410)
+    if orders.get(order) == "de côté":
