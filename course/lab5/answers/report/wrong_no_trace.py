# change of: solution
# feedback: « trace » vaut None
-    "trace": hurt[-1].trace,
