# change of: solution
# feedback: « courriel »
-    for promise in ("catalogue", "commande", "refus", "courriel", "débit"):
+    for promise in ("catalogue", "commande", "refus"):
