# change of: right_dictionary_of_faults
# feedback: écrit en texte | répond 201
-    if type(prix) is not int or prix < 0:
+    try:
+        corps["price_cents"] = int(str(prix))
+        if corps["price_cents"] < 0:
+            raise ValueError
+    except ValueError:
