# change of: solution
# feedback: La même, renvoyée sous la même clé | Aucune ligne JSON
-    if request.method == "POST":
+    if request.method == "POST" and not g.get("again"):

-    if known := find_by_key(key):
+    if known := find_by_key(key):
+        g.again = True
