# change of: solution
# feedback: plus tard | première réponse
# mistake: oublie(nt) la clé, même d’un paiement fait
-    return {"receipt": receipt}, 201
+    sql("DELETE FROM receipts WHERE key = ?", key)
+    return {"receipt": receipt}, 201
