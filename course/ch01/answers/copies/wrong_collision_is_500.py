# change of: solution
# feedback: arrêtée à la ligne | répond 500
-        added = base.execute("INSERT INTO orders (body) VALUES (?)", [body])
-        return {"number": added.lastrowid}, 201
+        number = 1 + (base.execute("SELECT max(number) FROM orders").fetchone()[0] or 0)
+        base.execute("INSERT INTO orders VALUES (?, ?)", [number, body])
+        return {"number": number}, 201
