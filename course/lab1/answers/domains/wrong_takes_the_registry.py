# change of: solution
# feedback: « registry » | pris
-    "stock": {"domaine": "stock"},
+    "registry": {"domaine": "stock"},
