# change of: solution
# feedback: ZeroDivisionError
# mistake: divise(nt) par zéro quand il n’y a pas d’appel
-    return len(recent) >= 4 and 2 * len(bad) >= len(recent)
+    return len(bad) / len(recent) >= 0.5 and len(recent) >= 4
