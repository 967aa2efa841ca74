# change of: right_dictionary
# feedback: ce que le client voit
# mistake: n’enregistre(nt) pas l’article créé
-    catalogue[product["sku"]] = product
