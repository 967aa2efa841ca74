# change of: solution
# feedback: returns.dead
-    if status == 404:
+    if status == 404 and not body.startswith(b"{"):

-    if status != 201:
+    if status not in (201, 404):
