# change of: right_dictionary
# feedback: Après DELETE | 404
-    catalogue.pop(sku, None)
