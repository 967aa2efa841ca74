# change of: solution
# feedback: entier positif
-        return {"number": added.lastrowid}, 201
+        return {"number": str(added.lastrowid)}, 201
