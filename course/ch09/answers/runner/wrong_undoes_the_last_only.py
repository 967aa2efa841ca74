# change of: solution
# feedback: de côté
-            log.append((undo, send(undo)))
-    return "CANCELLED" if ("saga", "timed out") in log else "REJECTED"
+            log.append((undo, send(undo)))
+            break
+    return "CANCELLED" if ("saga", "timed out") in log else "REJECTED"
