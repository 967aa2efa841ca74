# change of: solution
# feedback: reste fermé | 2 mauvais sur les 4 derniers
# mistake: demande(nt) plus de la moitié
-    return len(recent) >= 4 and 2 * len(bad) >= len(recent)
+    return len(recent) >= 4 and 2 * len(bad) > len(recent)
