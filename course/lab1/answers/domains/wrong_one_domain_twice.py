# change of: solution
# feedback: paiements » ont tous deux
-    "stock": {"domaine": "stock"},
+    "remboursements": {"domaine": "paiements"},
