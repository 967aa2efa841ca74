# change of: solution
# feedback: répond 200 | 201
-        return {"number": added.lastrowid}, 201
+        return {"number": added.lastrowid}
