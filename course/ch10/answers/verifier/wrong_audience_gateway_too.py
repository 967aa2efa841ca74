# change of: solution
# feedback: destiné à gateway et payments | est accepté
-            audience="orders",
+            audience=["orders", "gateway"],
