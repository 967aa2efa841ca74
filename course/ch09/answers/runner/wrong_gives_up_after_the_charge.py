# change of: solution
# feedback: 'CANCELLED' | débit
-        if command != "confirm" and is_late():
+        if is_late():
-        perhaps = (command, "started") in log and (command, "refused") not in log
+        perhaps = (command, "started") in log and (command, "done") not in log
