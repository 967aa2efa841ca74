# change of: right_dictionary
# feedback: Après DELETE | 404
# mistake: ne retire(nt) rien à DELETE
-    catalogue.pop(sku, None)
