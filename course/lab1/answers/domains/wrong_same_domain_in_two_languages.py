# change of: solution
# feedback: « produits »
-    "stock": {"domaine": "stock"},
+    "products": {"domaine": "products"},
