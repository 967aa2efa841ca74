# change of: solution
# feedback: 201 et un produit | 502
-    if response.status_code != 200:
+    if not response.ok:
