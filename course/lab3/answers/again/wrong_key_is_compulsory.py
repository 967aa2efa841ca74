# change of: solution
# feedback: sans clé | 400
-    if known := find_by_key(key):
+    if not key:
+        abort(400, "Il faut une clé.")
+    if known := find_by_key(key):
