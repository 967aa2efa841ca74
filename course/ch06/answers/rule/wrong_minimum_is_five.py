# change of: solution
# feedback: reste fermé | sur les 4 derniers
# mistake: demande(nt) cinq appels au moins
-    return len(recent) >= 4 and 2 * len(bad) >= len(recent)
+    return len(recent) > 4 and 2 * len(bad) >= len(recent)
