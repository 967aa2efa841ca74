# change of: right_dictionary
# feedback: liste
# mistake: tien(t|nent) une liste à part, qui ne suit pas
 catalogue = {}
+sold = []

-    return {"products": list(catalogue.values())}
+    return {"products": sold}

     catalogue[product["sku"]] = product
+    sold.append(product)
