# change of: right_undoes_without_knowing
# feedback: le temps est écoulé | de côté | meurt
-    for undo in ("refund", "release"):
-        if (undo, "done") not in log:
+    for command, undo in (("charge", "refund"), ("reserve", "release")):
+        if (command, "done") in log and (undo, "done") not in log:
