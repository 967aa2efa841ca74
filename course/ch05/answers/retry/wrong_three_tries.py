# change of: solution
# feedback: trois pannes de suite
# mistake: s’arrête(nt) un essai trop tôt
-    for attempt in range(4):
+    for attempt in range(3):
