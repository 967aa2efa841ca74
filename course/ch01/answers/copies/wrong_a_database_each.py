# change of: solution
# feedback: de deux exemplaires
-    base = sqlite3.connect("caisse.db", timeout=10)
+    import os
+    base = sqlite3.connect(f"caisse-{os.environ['INSTANCE']}.db", timeout=10)
