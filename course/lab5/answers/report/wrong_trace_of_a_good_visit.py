# change of: solution
# feedback: elle ne montre pas la panne
-    "trace": hurt[-1].trace,
+    "trace": next(visit.trace for visit in wheel.visits() if visit.kept),
