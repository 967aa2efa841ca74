# change of: solution
# feedback: arrêtée à la ligne | donné deux fois
-        added = base.execute("INSERT INTO orders (body) VALUES (?)", [body])
-        return {"number": added.lastrowid}, 201
+        number = 1 + (base.execute("SELECT max(number) FROM orders").fetchone()[0] or 0)
+        base.execute("INSERT OR REPLACE INTO orders VALUES (?, ?)", [number, body])
+        return {"number": number}, 201
