# change of: solution
# feedback: le domaine « notifications » est à
-    "paiements": {"domaine": "paiements", "gestes": ["encaisser", "rembourser"]},
-    "notifications": {"domaine": "notifications", "gestes": ["prévenir le client"]},
+    "paiements": {"domaine": "paiements", "gestes": ["encaisser", "rembourser"]},
+    "courrier": {"domaine": "livraison", "gestes": ["prévenir le client"]},
+    "notifications": {"domaine": "notifications", "gestes": ["compter les courriels"]},
