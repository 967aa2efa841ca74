# change of: solution
# feedback: 508 | paiements → commandes
-    "paiements": {"domaine": "paiements", "gestes": ["encaisser", "rembourser"]},
+    "paiements": {
+        "domaine": "paiements",
+        "gestes": ["encaisser", "rembourser"],
+        "appelle": ["commandes"],
+    },
