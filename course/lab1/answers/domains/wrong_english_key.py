# change of: solution
# feedback: clé inconnue : domain
-    "stock": {"domaine": "stock"},
+    "stock": {"domain": "stock"},
