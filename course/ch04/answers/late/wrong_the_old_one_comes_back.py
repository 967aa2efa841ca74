# change of: solution
# feedback: le nouveau se désinscrit | 404
-table, numbers = {}, count(1)  # nom → {"url", "lease"}
+table, numbers = {}, count(1)  # nom → {"url", "lease"}
+former = {}

-    table[name] = {"url": request.get_json()["url"], "lease": next(numbers)}
+    before = table.get(name)
+    table[name] = {"url": request.get_json()["url"], "lease": next(numbers)}
+    former[table[name]["lease"]] = before

-    del table[name]
+    before = former[table[name]["lease"]]
+    del table[name]
+    if before:
+        table[name] = before
