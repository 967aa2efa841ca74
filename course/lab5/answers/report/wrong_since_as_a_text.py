# change of: solution
# feedback: en secondes
-    "since": hurt[0].at,
+    "since": clock(hurt[0].at),
