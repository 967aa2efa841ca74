# change of: solution
# feedback: ont reçu le numéro 1
-    with closing(database()) as base, base:
+    with closing(database()) as base:
