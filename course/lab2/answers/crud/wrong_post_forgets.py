# change of: right_dictionary
# feedback: ce que le client voit
-    catalogue[product["sku"]] = product
