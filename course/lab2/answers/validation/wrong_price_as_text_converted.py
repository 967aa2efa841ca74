# change of: right_dictionary_of_faults
# feedback: écrit en texte | répond 201
# mistake: converti(t|ssent) un prix écrit en texte
-    if type(prix) is not int or prix < 0:
+    try:
+        corps["price_cents"] = int(str(prix))
+        if corps["price_cents"] < 0:
+            raise ValueError
+    except ValueError:
