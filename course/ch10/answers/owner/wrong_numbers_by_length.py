# change of: solution
# feedback: un numéro neuf à chaque fois
# mistake: redonne(nt) le numéro d’une commande après une annulation
-    order = {"id": str(next(numbers)), "customer": customer(), "item": item}
+    order = {"id": str(len(orders) + 1), "customer": customer(), "item": item}
