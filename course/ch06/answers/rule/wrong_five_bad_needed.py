# change of: solution
# feedback: reste fermé | mauvais sur les 4 derniers
-    return len(recent) >= 4 and 2 * len(bad) >= len(recent)
+    return len(recent) >= 4 and len(bad) >= 5
