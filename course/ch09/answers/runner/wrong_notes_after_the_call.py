# change of: solution
# feedback: le temps est écoulé | de côté
-            log.append((command, "started"))
-            log.append((command, send(command)))
+            answer = send(command)
+            log.append((command, "started"))
+            log.append((command, answer))
