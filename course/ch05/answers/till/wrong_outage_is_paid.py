# change of: solution
# feedback: banque en panne | 503
-        sql("DELETE FROM receipts WHERE key = ?", key)
-        abort(503)
+        pass
