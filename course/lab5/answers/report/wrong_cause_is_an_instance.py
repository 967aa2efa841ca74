# change of: solution
# feedback: La trace dit autre chose
-    "cause": "contrat",
+    "cause": "instance",
