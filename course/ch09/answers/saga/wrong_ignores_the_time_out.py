# change of: solution
# feedback: le temps est écoulé | commande annulée
# mistake: oublie(nt) que le temps est écoulé
-    if any(outcome in ("refused", "timed out") for _, outcome in history):
+    if any(outcome == "refused" for _, outcome in history):
