# change of: solution
# feedback: que la première fois | le laisse passer
-    for n in (2, 3):
+    for n in (2,):
