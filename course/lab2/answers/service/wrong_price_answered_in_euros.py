# change of: right_abort
# feedback: 39.9 | un entier
# mistake: donne(nt) un prix à virgule
 }
 
 
+def presenter(article):
+    return {**article, "price_cents": article["price_cents"] / 100}
+
+

-    return {"products": list(catalogue.values())}
+    return {"products": [presenter(article) for article in catalogue.values()]}

-    return catalogue[sku]
+    return presenter(catalogue[sku])
