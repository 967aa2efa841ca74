# change of: solution
# feedback: lit sa commande
-    if order is None or order["customer"] != customer():
+    if order is None or order["customer"] != "alice":
