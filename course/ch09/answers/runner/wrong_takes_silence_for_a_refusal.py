# change of: right_undoes_without_knowing
# feedback: 'REJECTED' | 'CONFIRMED'
-            log.append((command, send(command)))
+            try:
+                log.append((command, send(command)))
+            except NoAnswer:
+                log.append((command, "refused"))
