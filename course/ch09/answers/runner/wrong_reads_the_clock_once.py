# change of: solution
# feedback: le temps s’écoule pendant « demander reserve » : elle demande « charge » | avance encore
-    for command in ("reserve", "charge", "confirm"):
+    late = is_late()
+    for command in ("reserve", "charge", "confirm"):

-        if command != "confirm" and is_late():
+        if command != "confirm" and late:
