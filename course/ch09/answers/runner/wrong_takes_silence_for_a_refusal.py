# change of: solution
# feedback: 'REJECTED' | 'CONFIRMED'
-            log.append((command, send(command)))
-    if
+            try:
+                log.append((command, send(command)))
+            except NoAnswer:
+                log.append((command, "refused"))
+    if
