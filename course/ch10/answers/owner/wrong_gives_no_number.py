# change of: solution
# feedback: un id qui est un texte
-    order = {"id": str(next(numbers)), "customer": customer(), "item": item}
+    order = {"id": next(numbers), "customer": customer(), "item": item}
