# change of: solution
# feedback: la même clé, après un 503
-def find_by_key(key):
+seen = set()
+
+
+def find_by_key(key):

-    order = {"id": str(uuid.uuid4()), **asked()}
+    if key in seen:
+        abort(409, "Cette clé a déjà servi.")
+    if key:
+        seen.add(key)
+    order = {"id": str(uuid.uuid4()), **asked()}
