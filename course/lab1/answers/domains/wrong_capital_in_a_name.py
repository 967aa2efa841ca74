# change of: solution
# feedback: « Stock »
-    "stock": {"domaine": "stock"},
+    "Stock": {"domaine": "stock"},
