# change of: right_dictionary
# feedback: liste
 catalogue = {}
+sold = []

-    return {"products": list(catalogue.values())}
+    return {"products": sold}

     catalogue[product["sku"]] = product
+    sold.append(product)
