# change of: right_dictionary_of_faults
# feedback: NaN | répond 201
# mistake: accepte(nt) NaN
-    if type(prix) is not int or prix < 0:
+    entier = type(prix) in (int, float) and not prix % 1 > 0
+    if not entier or prix < 0:
