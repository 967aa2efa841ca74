# change of: solution
# feedback: reste fermé | mauvais sur les 4 derniers
# mistake: demande(nt) cinq échecs au moins
-    return len(recent) >= 4 and 2 * len(bad) >= len(recent)
+    return len(recent) >= 4 and len(bad) >= 5
