# change of: solution
# feedback: la carte est refusée
-        if any(outcome in ("refused", "timed out") for _, outcome in log):
-            break
