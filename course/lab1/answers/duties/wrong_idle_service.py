# change of: solution
# feedback: ne fait aucun geste
+    "livraison": {"domaine": "livraison", "gestes": []},
     "notifications": {"domaine": "notifications", "gestes": ["prévenir le client"]},
