# change of: solution
# feedback: que la boutique ne connaît pas | None
# mistake: (change|changent) la référence demandée
-    response = shop.get(f"/stock/{sku}")
+    response = shop.get(f"/stock/{sku.upper()}")
