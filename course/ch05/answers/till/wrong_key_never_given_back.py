# change of: solution
# feedback: la banque revenue | 409
-        sql("DELETE FROM receipts WHERE key = ?", key)
