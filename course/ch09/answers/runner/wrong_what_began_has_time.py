# change of: solution
# feedback: au retour, le temps est écoulé : elle demande « reserve » | 'CANCELLED'
-        if command != "confirm" and is_late():
+        if command != "confirm" and (command, "started") not in log and is_late():
