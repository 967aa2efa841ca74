# change of: solution
# feedback: et item « MUG »
# mistake: oublie(nt) l’article dans la commande
-    order = {"id": str(next(numbers)), "customer": customer(), "item": item}
+    order = {"id": str(next(numbers)), "customer": customer()}
