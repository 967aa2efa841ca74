# change of: right_dictionary_of_faults
# feedback: vendable serait refusé
# mistake: refuse(nt) un prix de zéro
-    if type(prix) is not int or prix < 0:
+    if not prix or type(prix) is not int or prix < 0:
