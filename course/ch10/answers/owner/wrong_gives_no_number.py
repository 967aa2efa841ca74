# change of: solution
# feedback: un objet dont l’id est un texte
-    order = {"id": str(next(numbers)), "customer": customer(), "item": item}
+    order = {"id": next(numbers), "customer": customer(), "item": item}
