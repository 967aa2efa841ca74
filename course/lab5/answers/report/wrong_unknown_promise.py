# change of: solution
# feedback: « what » vaut | une de
-    "what": hurt[0].promise,
+    "what": "les ventes échouent",
