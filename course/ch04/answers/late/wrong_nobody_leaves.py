# change of: solution
# feedback: plus personne ne porte ce nom | qui est parti
-    del table[name]
+    pass
