# change of: solution
# feedback: « rayon » est un confort
-    for promise in ("catalogue", "commande", "refus", "courriel", "débit"):
+    for promise in ("catalogue", "commande", "refus", "courriel", "débit", "rayon"):
