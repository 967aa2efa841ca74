# change of: solution
# feedback: au nom d’Alice
-    order = {"id": str(next(numbers)), "customer": customer(), "item": item}
+    order = {"customer": customer(), **request.get_json(), "id": str(next(numbers))}
