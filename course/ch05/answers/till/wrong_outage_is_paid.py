# change of: solution
# feedback: banque en panne | 503
# mistake: (dit|disent) payé ce que la banque n’a pas débité
-        sql("DELETE FROM receipts WHERE key = ?", key)
-        abort(503)
+        pass
