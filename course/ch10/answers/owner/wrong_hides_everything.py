# change of: solution
# feedback: lit sa commande
-    if order is None or order["customer"] != name:
+    if order is None or order["customer"] != "alice":
