# change of: solution
# feedback: « trace » vaut None
-    "trace": hurt[0].trace,
