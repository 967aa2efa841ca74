# change of: solution
# feedback: meurt après « noter reserve done » | 1 lampe(s) de côté
-def run(log, send, is_late):
-    """Mène une commande à sa fin, et dit laquelle."""
+started = set()
+
+
+def run(log, send, is_late):

-            log.append((command, "started"))
+            started.add(command)

-        perhaps = (command, "started") in log and (command, "refused") not in log
+        perhaps = command in started and (command, "refused") not in log
