# change of: solution
# feedback: meurt après « noter release started » | 1 lampe(s) de côté
-        if perhaps and (undo, "done") not in log:
-            log.append((undo, send(undo)))
+        if perhaps and (undo, "started") not in log:
+            log.append((undo, "started"))
+            log.append((undo, send(undo)))
