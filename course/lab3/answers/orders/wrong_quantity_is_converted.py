# change of: solution
# feedback: 'quantity': '2' | 422
-    if type(quantity) is not int or quantity < 1:
+    try:
+        quantity = int(quantity)
+    except (TypeError, ValueError):
+        quantity = 0
+    if type(body["quantity"]) is bool or quantity < 1:
