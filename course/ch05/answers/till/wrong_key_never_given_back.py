# change of: solution
# feedback: la banque revenue | 409
# mistake: garde(nt) la clé d’un paiement qui a échoué
-        sql("DELETE FROM receipts WHERE key = ?", key)
