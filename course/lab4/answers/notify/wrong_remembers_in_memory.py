# change of: solution
# feedback: relancé | plusieurs fois
-db = sqlite3.connect("notifications.db", isolation_level=None)
+db = sqlite3.connect(":memory:", isolation_level=None)
