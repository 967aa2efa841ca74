# change of: solution
# feedback: ne dit pas son « domaine »
-    "stock": {"domaine": "stock"},
+    "stock": {},
