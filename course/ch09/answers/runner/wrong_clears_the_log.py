# change of: solution
# feedback: efface ou remplace une ligne du journal
-    if ("confirm", "done") in log:
-        return "CONFIRMED"
+    if ("confirm", "done") in log:
+        log.clear()
+        return "CONFIRMED"
