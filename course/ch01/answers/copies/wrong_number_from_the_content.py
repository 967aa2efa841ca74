# change of: solution
# feedback: ont reçu le numéro
-        added = base.execute("INSERT INTO orders (body) VALUES (?)", [body])
-        return {"number": added.lastrowid}, 201
+        number = 1 + int.from_bytes(body.encode()) % 1_000_003
+        base.execute("INSERT OR IGNORE INTO orders VALUES (?, ?)", [number, body])
+        return {"number": number}, 201
