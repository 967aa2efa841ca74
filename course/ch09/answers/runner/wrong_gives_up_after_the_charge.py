# change of: solution
# feedback: lampe(s) de côté | le temps s’écoule pendant
-        if command != "confirm" and is_late():
+        if is_late():

-        perhaps = (command, "started") in log and (command, "refused") not in log
+        perhaps = (command, "started") in log and (undo != "release" or not is_late())
