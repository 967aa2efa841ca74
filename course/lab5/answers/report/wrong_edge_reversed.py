# change of: solution
# feedback: « edge » vaut
-    "edge": ("orders", "products"),
+    "edge": ("products", "orders"),
