# change of: solution
# feedback: Toujours 503 | 5 requêtes
# mistake: (fait|font) un essai de trop
-    for attempt in range(4):
+    for attempt in range(5):

-        if attempt < 3:
+        if attempt < 4:
