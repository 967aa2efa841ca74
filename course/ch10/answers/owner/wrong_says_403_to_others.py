# change of: solution
# feedback: réponse 403 | se devineraient
-    if order is None or order["customer"] != name:
-        abort(404)
+    if order is None:
+        abort(404)
+    if order["customer"] != customer():
+        abort(403)
