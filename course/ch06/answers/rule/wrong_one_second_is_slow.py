# change of: solution
# feedback: 1 s tout juste | s’ouvre
-        if call["status"] is None or call["status"] >= 500 or call["seconds"] > 1
+        if call["status"] is None or call["status"] >= 500 or call["seconds"] >= 1
