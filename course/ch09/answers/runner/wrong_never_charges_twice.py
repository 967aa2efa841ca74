# change of: solution
# feedback: n’est toujours pas finie | resterait en attente
-        if (command, "done") in log:
-            continue
+        if (command, "done") in log or (command, "started") in log:
+            continue
