# change of: solution
# feedback: jamais annoncée | kill -9
-    relay()
+    relay(order["id"])

-def relay():
+def relay(order_id=""):

-        waiting = db.execute("SELECT id, event FROM outbox ORDER BY id").fetchall()
+        mine = f'%"{order_id}"%'
+        waiting = db.execute("SELECT id, event FROM outbox WHERE event LIKE ?", [mine]).fetchall()
