# change of: solution
# feedback: plus tard | première réponse
-    return {"receipt": receipt}, 201
+    sql("DELETE FROM receipts WHERE key = ?", key)
+    return {"receipt": receipt}, 201
