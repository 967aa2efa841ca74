# change of: solution
# feedback: « expédition » | minuscules sans accent
-    "stock": {"domaine": "stock"},
+    "expédition": {"domaine": "livraison"},
