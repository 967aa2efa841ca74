# change of: solution
# feedback: Toujours 503 | 5 requêtes
-    for attempt in range(4):
+    for attempt in range(5):

-        if attempt < 3:
+        if attempt < 4:
