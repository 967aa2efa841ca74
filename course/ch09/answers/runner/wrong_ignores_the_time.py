# change of: solution
# feedback: le temps est écoulé dès le début | 'CANCELLED'
-        if command != "confirm" and is_late():
-            log.append(("saga", "timed out"))
-        else:
-            log.append((command, "started"))
-            log.append((command, send(command)))
+        log.append((command, "started"))
+        log.append((command, send(command)))
