# change of: solution
# feedback: 4 domaine(s)
-    "stock": {"domaine": "stock"},
+    "cache": {"domaine": "cache"},
-    "commandes": {"domaine": "commandes"},
+    "pages": {"domaine": "pages web"},
