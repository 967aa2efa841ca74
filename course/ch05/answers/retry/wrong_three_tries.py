# change of: solution
# feedback: trois pannes de suite
-    for attempt in range(4):
+    for attempt in range(3):
