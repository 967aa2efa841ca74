# change of: solution
# feedback: a changé ou disparu
-    order = {"id": str(next(numbers)), "customer": customer(), "item": item}
+    order = {"id": str(next(numbers)), **request.get_json(), "customer": customer()}
