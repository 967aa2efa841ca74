# change of: solution
# feedback: Pour ✗ | s’ouvre | fermé : 1 mauvais
# mistake: juge(nt) sur trop peu d’appels
-    return len(recent) >= 4 and 2 * len(bad) >= len(recent)
+    return len(recent) > 0 and 2 * len(bad) >= len(recent)
