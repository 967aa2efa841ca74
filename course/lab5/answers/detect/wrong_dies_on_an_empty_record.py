# change of: solution
# feedback: IndexError
-    for promise in ("catalogue", "commande", "refus", "courriel", "débit"):
+    visits[0]
+    for promise in ("catalogue", "commande", "refus", "courriel", "débit"):
