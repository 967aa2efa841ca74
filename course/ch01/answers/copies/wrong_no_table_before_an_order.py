# change of: solution
# feedback: n’a jamais été passée | répond 500
-    with closing(database()) as base:
+    with closing(sqlite3.connect("caisse.db")) as base:
