# change of: solution
# feedback: le temps est écoulé | commande annulée
-    if any(outcome in ("refused", "timed out") for _, outcome in history):
+    if any(outcome == "refused" for _, outcome in history):
