# change of: solution
# feedback: meurt après « noter confirm started » | 0 vendue(s)
-        if (command, "done") in log:
-            continue
+        if (command, "done") in log or (command == "confirm" and (command, "started") in log):
+            continue

-    if ("confirm", "done") in log:
+    if ("confirm", "started") in log:
