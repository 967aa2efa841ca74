# change of: solution
# feedback: tué, puis relancé | telle qu’elle a été prise
-    """Un ordre SQL, dans une transaction à lui."""
-    with closing(sqlite3.connect("orders.db", timeout=10)) as db, db:
-        return db.execute(statement, values).fetchall()
+    return db.execute(statement, values).fetchall()

-sql("CREATE TABLE IF NOT EXISTS orders (id TEXT PRIMARY KEY, body TEXT, key TEXT UNIQUE)")
+db = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
+sql("CREATE TABLE IF NOT EXISTS orders (id TEXT PRIMARY KEY, body TEXT, key TEXT UNIQUE)")
