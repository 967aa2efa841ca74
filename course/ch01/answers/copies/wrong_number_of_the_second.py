# change of: solution
# feedback: numéro
-        added = base.execute("INSERT INTO orders (body) VALUES (?)", [body])
-        return {"number": added.lastrowid}, 201
+        import time
+        number = int(time.time()) // 3600
+        base.execute("REPLACE INTO orders (number, body) VALUES (?, ?)", [number, body])
+        return {"number": number}, 201
