# change of: right_dictionary_of_faults
# feedback: vendable serait refusé
-    if type(prix) is not int or prix < 0:
+    if not prix or type(prix) is not int or prix < 0:
