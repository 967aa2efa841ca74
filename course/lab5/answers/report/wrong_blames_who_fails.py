# change of: solution
# feedback: celui qui échoue n’est pas toujours celui qui a changé
-    "service": "products",
+    "service": "orders",
