# change of: solution
# feedback: ont eu ce qui leur était promis
-    "what": hurt[0].promise,
+    "what": "catalogue",
